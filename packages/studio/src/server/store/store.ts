import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Tables } from './tables.ts';

/**
 * Typed, synchronous queries: Kysely says them, `node:sqlite` runs them at once. With write-ahead log and full sync a
 * transaction that has returned is on disk.
 *
 *     store.all(store.sql.selectFrom('video').selectAll().where('project', '=', project))
 */
export class Store {
  /** Builds queries; runs none. */
  readonly sql = queryBuilder;
  /** Why nothing can be saved; null where all is well. */
  readonly readOnly: { readonly reason: string; readonly advice: string } | null;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  constructor(database: DatabaseSync, readOnly: Store['readOnly'] = null) {
    this.#database = database;
    this.readOnly = readOnly;
  }

  all<Row>(query: Compilable<Row>): Row[] {
    const { sql, parameters } = query.compile();
    return this.#prepared(sql).all(...(parameters as SQLInputValue[])) as Row[];
  }

  first<Row>(query: Compilable<Row>): Row | undefined {
    const { sql, parameters } = query.compile();
    return this.#prepared(sql).get(...(parameters as SQLInputValue[])) as Row | undefined;
  }

  /** @returns how many rows were changed */
  run(query: Compilable<unknown>): number {
    const { sql, parameters } = query.compile();
    return Number(this.#prepared(sql).run(...(parameters as SQLInputValue[])).changes);
  }

  /** All or nothing; inside another one it is part of that. No `await` inside: the work is synchronous. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#database.exec('begin immediate');
    this.#depth += 1;
    try {
      const result = work();
      if (result instanceof Promise) throw new Error('A transaction must not wait for anything.');
      this.#database.exec('commit');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself where the disk was full.
      if (this.#database.isTransaction) this.#database.exec('rollback');
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  // ---- below: internals ----

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

const queryBuilder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});
