/** Who sends a request, known by cookie or token. */
export interface Caller {
  /** Id of the account. */
  readonly account: string;
  readonly name: string;
  readonly administrator: boolean;
  /** `cookie`: a person's browser, with its CSRF token checked; `token`: a program. */
  readonly by: 'cookie' | 'token';
  /** Of a token that is for one project only. */
  readonly onlyProject: string | null;
  /** False for a token that may only read. */
  readonly mayWrite: boolean;
}
