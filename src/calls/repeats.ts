import type { ChannelCalls } from "./channel.ts";
import type { HubCalls } from "./hub.ts";
import type { WebhookCalls, WebhookChannelCalls } from "./webhook.ts";

/*
 * The calls that may be made once more where the object was lost in the middle: it may have done what
 * was asked, and not have answered. So these are the calls after which everything is the same, and
 * which answer the same, whether they are carried out once or twice.
 */

type Call = (...given: never[]) => unknown;

/** Of each call: may it be made once more, and with which arguments? */
export type Repeats<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends Call
    ? boolean | ((...given: Parameters<Calls[Name]>) => boolean)
    : never;
};

export const CHANNEL_REPEATS: Repeats<ChannelCalls & WebhookChannelCalls> = {
  refresh: true,
  ensure: true,
  destroy: true,
  // Events that no key and no request name would be others the second time.
  post: (_principal, drafts, _bytes, _provider, request) =>
    request != null || drafts.every(({ key }) => key !== undefined),
  frontier: true,
  seqBefore: true,
  eventAt: true,
  hear: true,
  connections: true,
  // The same id is the same send.
  send: (_principal, { sendId }) => sendId !== null,
  // A viewer's press would count twice.
  callOfViewer: false,
  status: true,
  metrics: true,
  listProviders: true,
  findProvider: true,
  addProvider: (_principal, _input, request) => request !== null,
  // The second time it is no longer as it was expected to be.
  changeProvider: (_principal, _id, _input, expectedAt) => expectedAt === null,
  // The second time it is not there.
  removeProvider: false,
  reconnectProvider: (_principal, _id, request) => request !== null,
  keepTicket: true,
  beginAuthorization: (_principal, _input, _redirectUri, request) => request !== null,
  listAuthorizations: true,
  findAuthorization: true,
  // The second time it is not there.
  dropAuthorization: false,
  // A code is taken once: the second time it was used.
  finishAuthorization: false,
  sockets: true,
  // The second time it is not there.
  endSocket: false,
  dismiss: true,
  handOver: true,
  attach: true,
  detach: true,
  look: true,
  admit: true,
  readLog: true,
  resume: true,
  rewind: true,
  attachWebhook: true,
  detachWebhook: true,
  webhookIds: true,
  nameWebhook: true,
  resumeWebhook: true,
  noteWebhook: true,
  logPage: true,
  forget: true,
  isForgetting: true,
  reseal: true,
};

export const HUB_REPEATS: Repeats<HubCalls> = {
  deliver: true,
  ensure: true,
  gone: true,
  changed: true,
  population: true,
  sockets: true,
  endSocket: false,
  dismiss: true,
  handOver: true,
};

export const WEBHOOK_REPEATS: Repeats<WebhookCalls> = {
  create: true,
  find: true,
  ensure: true,
  change: (_patch, expectedAt) => expectedAt === null,
  destroy: false,
  rotate: (_graceSeconds, request) => request !== null,
  publicKeys: true,
  sendTest: (request) => request !== null,
  deliveries: true,
  delivery: true,
  retry: (_id, request) => request !== null,
  retryWaiting: true,
  recover: (_input, request) => request !== null,
  recoveries: true,
  recovery: true,
  cancelRecovery: true,
  take: true,
  reseal: true,
  forget: true,
};
