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
  readonly body: object;
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
    const { to, channel, correlationId, api, body } = signal as SendSignal;
    const key = `${to}/${channel}`;
    const connection = memory.connections.get(key) ?? context.connect(to);
    memory.connections.set(key, connection);
    memory.waiting.set(correlationId, connection);
    const { version } = APIS[api];
    const message = { kind: 'request', api, version, correlationId, clientId: channel, body };
    context.send(connection, message, 200);
  },
};

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
  send<A extends ApiName>(to: NodeId, api: A, body: RequestBody<A>, channel = 'main'): number {
    const correlationId = this.next++;
    const signal: SendSignal = { type: 'send', to, channel, correlationId, api, body };
    this.kernel.signal(this.node, signal);
    return correlationId;
  }

  /** What has come back so far. */
  answer(correlationId: number): ResponseMessage | 'disconnected' | undefined {
    return (this.kernel.slot(this.node).memory as WireClientMemory).answers.get(correlationId);
  }

  body<A extends ApiName>(correlationId: number): ResponseBody<A> | undefined {
    const found = this.answer(correlationId);
    return found === undefined || found === 'disconnected' ? undefined : (found.body);
  }
}
