const SHARE_KEY = /^.+:[\w-]{22}:\d+$/;

/** Whether a text is the key of a share partition: `group:topic id:partition`. */
export const isShareKeyText = (text: string): boolean => SHARE_KEY.test(text);
