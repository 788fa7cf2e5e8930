/** What layers are applied for: in training they drop, and normalise by the batch. */
export interface Mode {
  readonly training: boolean;
}

export const inference: Mode = { training: false };
export const training: Mode = { training: true };
