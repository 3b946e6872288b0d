/** Version of the engine. A run made by another version may differ in its details, so links and files name it. */
export const ENGINE_VERSION = '0.1.0';
