/** What may be done to something, one bit for each `AclOperation`. Nobody asked, or there is nothing to tell of. */
export const NO_OPERATIONS = -0x80000000;

const READ = 1 << 3;
const WRITE = 1 << 4;
const CREATE = 1 << 5;
const DELETE = 1 << 6;
const ALTER = 1 << 7;
const DESCRIBE = 1 << 8;
const CLUSTER_ACTION = 1 << 9;
const CONFIGS = (1 << 10) | (1 << 11);
const IDEMPOTENT_WRITE = 1 << 12;

// Without an authorizer nobody is kept from anything (`AclEntry.supportedOperations`).
export const GROUP_OPERATIONS = READ | DELETE | DESCRIBE | CONFIGS;
export const TOPIC_OPERATIONS = READ | WRITE | CREATE | DELETE | ALTER | DESCRIBE | CONFIGS;
export const CLUSTER_OPERATIONS = CREATE | ALTER | DESCRIBE | CLUSTER_ACTION | CONFIGS | IDEMPOTENT_WRITE;
