import { backup, type DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { explainStoreError } from './storeErrors.ts';
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
    return this.#execute(query, (statement, values) => statement.all(...values)) as Row[];
  }

  first<Row>(query: Compilable<Row>): Row | undefined {
    return this.#execute(query, (statement, values) => statement.get(...values)) as Row | undefined;
  }

  /** @returns how many rows were changed */
  run(query: Compilable<unknown>): number {
    return Number(this.#execute(query, (statement, values) => statement.run(...values)).changes);
  }

  /**
   * All or nothing; inside another one it is part of that. No `await` inside: the work is synchronous.
   *
   * @throws UserError `disk-full`, `database-busy` ..., and what the work throws; nothing was saved then
   */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#depth += 1;
    try {
      this.#database.exec('begin immediate');
      const result = work();
      if (result instanceof Promise) throw new Error('A transaction must not wait for anything.');
      this.#database.exec('commit');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself where the disk was full.
      if (this.#database.isTransaction) this.#database.exec('rollback');
      throw explainStoreError(error);
    } finally {
      this.#depth -= 1;
    }
  }

  /** Rows that were changed since it was opened. */
  get changeCount(): number {
    return Number(this.#prepared('select total_changes() as count').get()?.count);
  }

  /** A whole copy in a new file, as of one moment. Others may read and write meanwhile. */
  async copyTo(path: string): Promise<void> {
    await backup(this.#database, path);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  // ---- below: internals ----

  #execute<T>(query: Compilable<unknown>, work: (statement: StatementSync, values: SQLInputValue[]) => T): T {
    const { sql, parameters } = query.compile();
    try {
      return work(this.#prepared(sql), parameters as SQLInputValue[]);
    } catch (error) {
      throw explainStoreError(error);
    }
  }

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
