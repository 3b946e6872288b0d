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

/** The machine that runs the controller. */
export const CONTROLLER_NODE: NodeId = 'controller';

/** The machine of an application's instance or of a group's member; they are numbered from 1. */
export const memberNode = (applicationOrGroup: string, number: number): NodeId =>
  `${applicationOrGroup}-${number}`;
