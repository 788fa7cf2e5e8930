import { backup, type DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { UserError } from 'microaction';
import type { ReadOnly } from '../../contract/account.ts';
import { explainStoreError } from './storeErrors.ts';
import type { Tables } from './tables.ts';

/** What waits for the next common trip to the disk. */
interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}
type Outcome = { readonly result: unknown } | { readonly error: unknown };

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
  readonly readOnly: ReadOnly | null;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;
  #waiting: Waiting[] = [];

  constructor(database: DatabaseSync, readOnly: ReadOnly | null = null) {
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

  /**
   * As `transaction`, for what comes often and from many at once: what arrives in the same moment goes to the disk
   * together, since most of the time of a transaction is waiting for it. Each is still all or nothing for itself.
   *
   * @returns once it is on disk
   */
  savedTogether<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#saveWaiting());
    });
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
    this.#saveWaiting();
    this.#statements.clear();
    this.#database.close();
  }

  // ---- below: internals ----

  #saveWaiting(): void {
    const group = this.#waiting.splice(0);
    if (group.length === 0) return;
    for (const [i, outcome] of this.#outcomes(group).entries()) {
      if ('error' in outcome) group[i].reject(outcome.error);
      else group[i].resolve(outcome.result as never);
    }
  }

  #outcomes(group: readonly Waiting[]): Outcome[] {
    try {
      if (group.length > 1) return this.transaction(() => group.map(({ work }) => this.#alone(work)));
    } catch (error) {
      // Each would wait as long again.
      if (error instanceof UserError && error.code === 'database-busy') return group.map(() => ({ error }));
      // Nothing was saved; which of them is to blame shows when they go one by one.
    }
    return group.map(({ work }) => outcomeOf(() => this.transaction(work)));
  }

  /** Inside a transaction: what fails takes back its own and leaves the rest. */
  #alone(work: () => unknown): Outcome {
    this.#database.exec('savepoint alone');
    const outcome = outcomeOf(work);
    // Where the disk is full there may be no transaction any more, and all of the group is to be done anew.
    if ('error' in outcome) this.#database.exec('rollback to alone');
    this.#database.exec('release alone');
    return outcome;
  }

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
      // Lists of values of all lengths make many of them.
      if (this.#statements.size >= 1000) this.#statements.clear();
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function outcomeOf(work: () => unknown): Outcome {
  try {
    return { result: work() };
  } catch (error) {
    return { error };
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
