import { RuntimeError } from 'onnxgrad';
import { UserError } from '../../errors.ts';

/** What an engine refused, as a letter to the person who can mend it: a device that is not there, too little memory. */
export async function explaining<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RuntimeError) || error.code === 'bad-feed') throw error;
    throw new UserError(error.code, `${source}: ${error.message}`, { cause: error });
  }
}

/** Whether an error is no matter of the video that was looked at. */
export const isEngineFailure = (error: unknown): boolean =>
  error instanceof UserError && error.cause instanceof RuntimeError;
