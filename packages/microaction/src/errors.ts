/**
 * Something the caller can mend: a file, an argument, a full disk. Its message is shown as it is, in one
 * line, without a stack. It names the thing, what was found, what was expected, and what to do.
 */
export class UserError extends Error {
  override name = 'UserError';
  /** Stable, for programs: `bad-file`, `no-person`, `disk-full` ... */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A command or function called with arguments that make no sense. The command line exits with 2. */
export class UsageError extends UserError {
  override name = 'UsageError';

  constructor(message: string, options?: ErrorOptions) {
    super('wrong-use', message, options);
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
