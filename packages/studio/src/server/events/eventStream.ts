import type { StudioEvent } from '../../contract/event.ts';
import type { EventHub } from './eventHub.ts';

export interface EventStreamOptions {
  /** How often something is sent while nothing happens, so that nobody between takes the connection for dead. */
  readonly heartbeatMs?: number;
  /** Events of so short a time are sent together: whoever saves does not wait for all who listen. */
  readonly gatherMs?: number;
}

/**
 * The events of a project as the text of server-sent events. It ends when the listener goes away, may not listen any
 * more, or falls far behind: browsers then connect anew and ask for everything again.
 *
 * @param shown - asked before anything is sent: what the listener may know of an event; null for a listener who may not
 * listen any more
 */
export function eventStream(
  hub: EventHub,
  project: string,
  shown: (events: readonly StudioEvent[]) => readonly StudioEvent[] | null,
  options: EventStreamOptions = {},
): ReadableStream<Uint8Array> {
  const { heartbeatMs = 15_000, gatherMs = 30 } = options;
  const encoder = new TextEncoder();
  let end = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let gathered: StudioEvent[] = [];
      let waiting: NodeJS.Timeout | undefined;
      const send = (events: readonly StudioEvent[], otherwise = '') => {
        const isBehind = (controller.desiredSize ?? 0) < -mostWaiting;
        const known = isBehind ? null : shown(events);
        if (known) controller.enqueue(encoder.encode(known.map(eventText).join('') || otherwise));
        else {
          end();
          controller.close();
        }
      };
      const unsubscribe = hub.subscribe(project, (event) => {
        gathered.push(event);
        waiting ??= setTimeout(() => {
          const events = gathered;
          gathered = [];
          waiting = undefined;
          send(events);
        }, gatherMs);
      });
      const heartbeat = setInterval(() => send([], ':\n\n'), heartbeatMs);
      heartbeat.unref();
      end = () => {
        unsubscribe();
        clearInterval(heartbeat);
        clearTimeout(waiting);
      };
      send([], `retry: ${retryMs}\n\n`);
    },
    cancel: () => end(),
  });
}

// ---- below: internals ----

const retryMs = 2000;

/** Messages that were not taken yet. */
const mostWaiting = 200;

/** JSON has no line breaks of its own. */
const eventText = (event: StudioEvent) => `data: ${JSON.stringify(event)}\n\n`;
