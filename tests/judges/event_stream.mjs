// Decodes event streams with npm's eventsource-parser, for tests/support/event_stream_judges.py.
//
// Usage: node event_stream.mjs NODE_MODULES; each line of stdin is a JSON list of the pieces of
// one stream, in base64; each line of stdout the list of its events, as [type, data].

import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { createParser } = await import(
  pathToFileURL(`${process.argv[2]}/eventsource-parser/dist/index.js`).href
);

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const events = [];
  const parser = createParser({
    onEvent: (event) => events.push([event.event ?? 'message', event.data]),
  });
  // The byte order mark is the parser's business, not the text decoder's.
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  for (const piece of JSON.parse(line)) {
    parser.feed(text.decode(Buffer.from(piece, 'base64'), { stream: true }));
  }
  parser.feed(text.decode());
  process.stdout.write(`${JSON.stringify(events)}\n`);
}
