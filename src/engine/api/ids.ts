/** Id of a machine in a scenario: `b1`, `controller`, `p1`, `views-1`. Lower case letters, digits and dashes. */
export type NodeId = string;

/** Number of a broker, as in Kafka's `node.id`. */
export type BrokerId = number;

/** `topic-partition`, as Kafka prints it. */
export type TopicPartitionName = string;

export const topicPartition = (topic: string, partition: number): TopicPartitionName =>
  `${topic}-${partition}`;

/** The machine that runs this broker. */
export const brokerNode = (id: BrokerId): NodeId => `b${id}`;

/** The machine from which the cluster's operator works, as with kafka-topics and kafka-configs. It is no part of a scenario. */
export const OPERATOR_NODE: NodeId = 'operator';

/** The machine that runs the only controller. */
export const CONTROLLER_NODE: NodeId = 'controller';

/** The machines that run the controllers, in the order of their ids. */
export const controllerNodes = (count: number): readonly NodeId[] =>
  count === 1 ? [CONTROLLER_NODE] : Array.from({ length: count }, (_, i) => `k${i + 1}`);

/** The `node.id` of the first controller; the others count on. */
const FIRST_CONTROLLER_ID = 100;

/** The machine of each controller by its `node.id`. */
export const controllerPeers = (count: number): Readonly<Record<number, NodeId>> =>
  Object.fromEntries(controllerNodes(count).map((node, i) => [FIRST_CONTROLLER_ID + i, node]));

/** The machine of an application's instance or of a group's member; they are numbered from 1. */
export const memberNode = (applicationOrGroup: string, number: number): NodeId =>
  `${applicationOrGroup}-${number}`;

/** Header of a record of a tape that has no value: the number of its row. */
export const ROW_HEADER = 'row';
