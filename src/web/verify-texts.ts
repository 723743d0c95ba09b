import type { FaultCode } from '../proof/index.js';

export type Language = 'zh-CN' | 'en';
export type Text = Record<Language, string>;

export const TEXTS = {
  language: { 'zh-CN': 'English', en: '中文' },
  title: { 'zh-CN': '核对审计记录', en: 'Check audit records' },
  what: {
    'zh-CN': '把导出的文件（.ndjson 或 .tlog-proof）拖到这里，或点击选择。表格、旧检查点和回执可以一起放进来。',
    en: 'Drop an exported file here (.ndjson or .tlog-proof), or click to choose. The table, older checkpoints and receipts may come along.',
  },
  local: {
    'zh-CN': '文件只在这台设备上、由您的浏览器核对，不会发送到任何地方。',
    en: 'The files are checked by your browser on this device. Nothing is sent anywhere.',
  },
  key: { 'zh-CN': '您已知的日志公钥（可选）', en: 'A public key of the log that you know (optional)' },
  working: { 'zh-CN': '正在核对……', en: 'Checking …' },
  proven: { 'zh-CN': '核对无误', en: 'Proven' },
  notProven: { 'zh-CN': '没有通过核对', en: 'Not proven' },
  whole: { 'zh-CN': '整个日志', en: 'the whole log' },
  part: {
    'zh-CN': '日志的一部分：每条都在日志中，但看不出是否还有其他记录',
    en: 'a part of the log: each event is in it; that there are no others cannot be seen here',
  },
  scope: { 'zh-CN': '范围', en: 'What it is' },
  events: { 'zh-CN': '事件', en: 'Events' },
  openings: { 'zh-CN': '与承诺相符的个人信息', en: 'Personal data that fits its commitment' },
  log: { 'zh-CN': '日志', en: 'Log' },
  size: { 'zh-CN': '检查点包含的事件数', en: 'Events that the checkpoint covers' },
  time: { 'zh-CN': '时间（UTC）', en: 'Time (UTC)' },
  signedBy: { 'zh-CN': '签名公钥', en: 'Signed by' },
  trust: { 'zh-CN': '公钥可信吗', en: 'Is the key to be trusted' },
  compare: {
    'zh-CN': '这个公钥来自文件本身：请与您从别处得到的公钥比较。',
    en: 'This key came with the file: compare it with one that you have from elsewhere.',
  },
  known: { 'zh-CN': '这是您给出的公钥（或由它指定的后继）。', en: 'This is the key you gave, or one that it named.' },
  older: { 'zh-CN': '延续的旧检查点', en: 'Older checkpoints it continues' },
  receipts: { 'zh-CN': '兑现的回执', en: 'Receipts it honours' },
  place: { 'zh-CN': '位置', en: 'Where' },
  index: { 'zh-CN': '在日志中的序号', en: 'Number in the log' },
  content: { 'zh-CN': '内容', en: 'What it says' },
  nothing: { 'zh-CN': '没有找到可以核对的文件。', en: 'There was no file to check among them.' },
  tooLarge: {
    'zh-CN': '文件太大，浏览器无法核对。请使用命令：firebreak audit verify',
    en: 'The file is too large for a browser. Use the command: firebreak audit verify',
  },
  unsupported: {
    'zh-CN': '这个浏览器不支持 Ed25519，或页面不是通过 https 打开的。请更新浏览器，或使用命令：firebreak audit verify',
    en: 'This browser does not know Ed25519, or the page was not opened by https. Update it, or use the command: firebreak audit verify',
  },
} satisfies Record<string, Text>;

export const FAULTS: Record<FaultCode, Text> = {
  unreadable: {
    'zh-CN': '文件的形式不对，可能被改动或截断。',
    en: 'It does not have the form it must have: it was changed or cut off.',
  },
  unknown_key: { 'zh-CN': '签名者不在可信公钥之中。', en: 'It is signed by nobody who is trusted here.' },
  signature: { 'zh-CN': '签名不成立。', en: 'A signature does not hold.' },
  inclusion: { 'zh-CN': '这条事件不在已签署的日志中。', en: 'The event is not in the log that was signed.' },
  root: {
    'zh-CN': '事件与已签署的日志不一致：有事件被改动。',
    en: 'The events are not those that were signed: one of them was changed.',
  },
  consistency: {
    'zh-CN': '日志与以前签署的不一致：它被改写或截短。',
    en: 'The log does not continue what was signed before: it was rewritten or cut back.',
  },
  order: { 'zh-CN': '有事件缺失、重复或错位。', en: 'An event is missing, doubled or out of its place.' },
  opening: { 'zh-CN': '个人信息与日志中的承诺不符。', en: 'Personal data is not what the log committed to.' },
  scope: { 'zh-CN': '其中有不属于这份导出的事件。', en: 'It holds an event that does not belong into it.' },
  digest: { 'zh-CN': '文件不是当初写出的那一份。', en: 'The file is not the one that was written.' },
  table: { 'zh-CN': '表格与事件不一致。', en: 'The table says something else than the events.' },
  receipt: { 'zh-CN': '日志中缺少回执承诺的事件。', en: 'The log lacks what a receipt promised.' },
};
