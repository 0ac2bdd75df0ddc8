"""Every sentence a user reads, in every language. Pure: values in, text out."""
