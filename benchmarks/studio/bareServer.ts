// The least that can save over HTTP: one row in one transaction. Takes the path of its database on standard input, `full`
// or `off` (waiting for the disk or not) as argument, and prints its address. For saves.ts.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';

const [path] = await once(createInterface(process.stdin), 'line');
const database = new DatabaseSync(path);
database.exec(`pragma journal_mode = wal; pragma synchronous = ${process.argv[2] === 'off' ? 'off' : 'full'};`);
database.exec('create table save (id text primary key, action text, start real, "end" real) strict');
const insert = database.prepare('insert into save values (?, ?, ?, ?)');

const app = new Hono();
app.post('/saves', async (context) => {
  const { id, action, start, end } = await context.req.json();
  database.exec('begin immediate');
  insert.run(id, action, start, end);
  database.exec('commit');
  return context.json({ id });
});
const server = createAdaptorServer({ fetch: app.fetch });
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
