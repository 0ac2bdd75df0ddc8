"""`python -P -m app.sign_in_window`: an opening on stdin, an ending on stdout."""

from app.sign_in_window.process import main

if __name__ == "__main__":
    main()
