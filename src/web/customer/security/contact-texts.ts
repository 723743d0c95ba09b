import { textsOf, useTexts } from '../../ground/language.js';

export const CONTACT_TEXTS = textsOf('contact-points', {
  title: { 'zh-CN': '联系方式', en: 'How we reach you' },
  why: {
    'zh-CN': '安全变动会通知这里的每一个。如果别人能看到其中一个，请马上标记。',
    en: 'Every change of your security is told to each of them. If somebody else can read one, mark it at once.',
  },
  since: { 'zh-CN': '登记于 ', en: 'On file since ' },
  unconfirmed: { 'zh-CN': '等待确认', en: 'Waiting to be confirmed' },
  compromised: { 'zh-CN': '已标记为被盗用', en: 'Marked as taken over' },
  mark: { 'zh-CN': '被别人控制了', en: 'Somebody else has it' },
  markNamed: { 'zh-CN': '被别人控制了：{{value}}', en: 'Somebody else has it: {{value}}' },
  remove: { 'zh-CN': '移除', en: 'Remove' },
  removeNamed: { 'zh-CN': '移除 {{value}}', en: 'Remove {{value}}' },
  again: { 'zh-CN': '重新发送', en: 'Send again' },
  againNamed: { 'zh-CN': '重新发送：{{value}}', en: 'Send again: {{value}}' },
  code: { 'zh-CN': '短信中的六位数字', en: 'Six digits of the text message' },
  confirm: { 'zh-CN': '确认号码', en: 'Confirm the number' },
  kind: { 'zh-CN': '添加', en: 'Add' },
  email: { 'zh-CN': '邮箱', en: 'E-mail address' },
  phone: { 'zh-CN': '电话', en: 'Telephone number' },
  phoneHint: { 'zh-CN': '带国家代码，例如 +86 …', en: 'With the country code, such as +44 …' },
  password: { 'zh-CN': '请再输入一次密码', en: 'Your password again' },
  add: { 'zh-CN': '添加', en: 'Add' },
  sent: { 'zh-CN': '已发送到 {{value}}。', en: 'Sent to {{value}}.' },
  followsTitle: { 'zh-CN': '从现在起', en: 'From now on' },
  close: { 'zh-CN': '知道了', en: 'Understood' },
  contact_point_known: { 'zh-CN': '这个联系方式已经登记。', en: 'This one is on file already.' },
  contact_value_refused: { 'zh-CN': '这不是有效的邮箱或号码。', en: 'This is no valid address or number.' },
  too_many_contact_points: { 'zh-CN': '联系方式太多，请先移除一个。', en: 'There are too many. Remove one first.' },
  sign_in_address: {
    'zh-CN': '这是您登录用的邮箱，不能移除。',
    en: 'This is the address you sign in with; it cannot be removed.',
  },
  contact_point_compromised: {
    'zh-CN': '已标记的联系方式只能由工作人员核实您的身份之后恢复。',
    en: 'A marked one is taken back only by staff, once your identity is proven.',
  },
  code_refused: { 'zh-CN': '验证码不对或已过期。', en: 'The code is wrong or has expired.' },
});

const OWN = [
  'contact_point_known',
  'contact_value_refused',
  'too_many_contact_points',
  'sign_in_address',
  'contact_point_compromised',
  'code_refused',
] as const;

/** Why a contact point is refused, by code. */
export function useContactTroubles(): Readonly<Record<string, string>> {
  const say = useTexts(CONTACT_TEXTS);
  return Object.fromEntries(OWN.map((code) => [code, say(code)]));
}
