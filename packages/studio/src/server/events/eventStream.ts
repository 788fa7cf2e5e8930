import type { StudioEvent } from '../../contract/event.ts';
import type { EventHub } from './eventHub.ts';

export interface EventStreamOptions {
  /** How often something is sent while nothing happens, so that nobody between takes the connection for dead. */
  readonly heartbeatMs?: number;
}

/**
 * The events of a project as the text of server-sent events. It ends when the listener goes away, may not listen any
 * more, or falls far behind: browsers then connect anew and ask for everything again.
 *
 * @param mayListen - asked before everything that is sent
 */
export function eventStream(
  hub: EventHub,
  project: string,
  mayListen: () => boolean,
  options: EventStreamOptions = {},
): ReadableStream<Uint8Array> {
  const { heartbeatMs = 15_000 } = options;
  const encoder = new TextEncoder();
  let end = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => {
        const isBehind = (controller.desiredSize ?? 0) < -mostWaiting;
        if (isBehind || !mayListen()) {
          end();
          controller.close();
        } else controller.enqueue(encoder.encode(text));
      };
      const unsubscribe = hub.subscribe(project, (event) => send(eventText(event)));
      const heartbeat = setInterval(() => send(':\n\n'), heartbeatMs);
      heartbeat.unref();
      end = () => {
        unsubscribe();
        clearInterval(heartbeat);
      };
      send(`retry: ${retryMs}\n\n`);
    },
    cancel: () => end(),
  });
}

// ---- below: internals ----

const retryMs = 2000;

/** Events. */
const mostWaiting = 1000;

/** JSON has no line breaks of its own. */
const eventText = (event: StudioEvent) => `data: ${JSON.stringify(event)}\n\n`;
