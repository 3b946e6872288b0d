/** Name of the counter of what a share group is done with in a partition. */
export const sharedCounter = (group: string, partition: string): string => `shared/${group}/${partition}`;
