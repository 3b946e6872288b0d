import {
  APIS,
  type ApiName,
  type RequestBody,
  type ResponseBody,
  type ResponseMessage,
} from '../protocol/message.ts';
import type { ConnectionId, NodeId } from '../sim/event.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { Program, Signal } from '../sim/node-context.ts';

interface WireClientMemory {
  /** By `node/channel`. */
  readonly connections: Map<string, ConnectionId>;
  readonly answers: Map<number, ResponseMessage | 'disconnected'>;
  readonly waiting: Map<number, ConnectionId>;
}

interface SendSignal extends Signal {
  readonly type: 'send';
  readonly to: NodeId;
  readonly channel: string;
  readonly correlationId: number;
  readonly api: ApiName;
  readonly version: number;
  readonly body: object;
}

interface CloseSignal extends Signal {
  readonly type: 'close';
  readonly to: NodeId;
  readonly channel: string;
}

/** A client that knows nothing: a test tells it what to send, and reads what came back. */
export const wireClientProgram: Program<unknown, WireClientMemory> = {
  kind: 'wire-client',
  start: () => ({ connections: new Map(), answers: new Map(), waiting: new Map() }),
  onMessage(memory, _context, _connection, message) {
    const response = message as ResponseMessage;
    memory.answers.set(response.correlationId, response);
    memory.waiting.delete(response.correlationId);
  },
  onTimer: () => undefined,
  onDisconnect(memory, _context, connection) {
    for (const [key, known] of memory.connections) if (known === connection) memory.connections.delete(key);
    for (const [correlationId, on] of memory.waiting)
      if (on === connection) memory.answers.set(correlationId, 'disconnected');
  },
  onSignal(memory, context, signal) {
    const { type, to, channel } = signal as SendSignal | CloseSignal;
    const key = `${to}/${channel}`;
    if (type === 'close') {
      context.close(memory.connections.get(key) ?? 0);
      memory.connections.delete(key);
      return;
    }
    const { correlationId, api, version, body } = signal as SendSignal;
    const connection = memory.connections.get(key) ?? context.connect(to);
    memory.connections.set(key, connection);
    memory.waiting.set(correlationId, connection);
    const message = { kind: 'request', api, version, correlationId, clientId: `client-${channel}`, body };
    context.send(connection, message, 200);
  },
};

export interface SendOptions {
  readonly channel?: string;
  /** The newest unless said otherwise. */
  readonly version?: number;
}

/** Drives a node that runs {@link wireClientProgram}. */
export class WireClient {
  private readonly kernel: Kernel;
  private readonly node: NodeId;
  private next = 1;

  constructor(kernel: Kernel, node: NodeId) {
    this.kernel = kernel;
    this.node = node;
  }

  /** Sends; the answer comes when the kernel runs on. Requests of one channel follow each other. */
  send<A extends ApiName>(to: NodeId, api: A, body: RequestBody<A>, how: SendOptions = {}): number {
    const { channel = 'main', version = APIS[api].version } = how;
    const correlationId = this.next++;
    const signal: SendSignal = { type: 'send', to, channel, correlationId, api, version, body };
    this.kernel.signal(this.node, signal);
    return correlationId;
  }

  /** Closes a channel; the next request on it opens another connection. */
  close(to: NodeId, channel: string): void {
    const signal: CloseSignal = { type: 'close', to, channel };
    this.kernel.signal(this.node, signal);
  }

  /** Whether a channel has a connection that nobody has closed. */
  isOpen(to: NodeId, channel: string): boolean {
    return (this.kernel.slot(this.node).memory as WireClientMemory).connections.has(`${to}/${channel}`);
  }

  /** What has come back so far. */
  answer(correlationId: number): ResponseMessage | 'disconnected' | undefined {
    return (this.kernel.slot(this.node).memory as WireClientMemory).answers.get(correlationId);
  }

  body<A extends ApiName>(correlationId: number): ResponseBody<A> | undefined {
    const found = this.answer(correlationId);
    return found === undefined || found === 'disconnected' ? undefined : found.body;
  }
}
