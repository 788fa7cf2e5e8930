/** The caller can mend this: the message says where, what was found, what was expected and what to do. */
export class GraphError extends Error {
  override name = 'GraphError';
}

/** A file of weights that is damaged, foreign or refused. `code` is for programs, the message for people. */
export class WeightsError extends Error {
  override name = 'WeightsError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The engine refused or failed: an operator the device lacks, too little memory, a number that is not one. */
export class RuntimeError extends Error {
  override name = 'RuntimeError';
  readonly code: 'no-backend' | 'no-kernel' | 'out-of-memory' | 'bad-feed' | 'not-finite' | 'failed';

  constructor(code: RuntimeError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
