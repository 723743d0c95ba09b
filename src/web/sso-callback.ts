type Text = Readonly<Record<'zh-CN' | 'en', string>>;

const TEXTS = {
  title: { 'zh-CN': '单点登录', en: 'Single sign-on' },
  wait: { 'zh-CN': '正在完成……', en: 'Finishing …' },
  session: { 'zh-CN': '您已登录。', en: 'You are signed in.' },
  'enrol-second-factor': {
    'zh-CN': '您已登录。请先设置第二验证方式，之后才能使用其他功能。',
    en: 'You are signed in. Set up a second factor first; nothing else answers before.',
  },
  linked: {
    'zh-CN': '已关联，以后可以用它登录。我们已通知您的联系方式。',
    en: 'It is linked, and signs you in from now on. We have told your contact points.',
  },
  reverified: {
    'zh-CN': '已确认。请回到刚才的页面继续操作。',
    en: 'Confirmed. Go back to the page you came from and go on there.',
  },
  code: { 'zh-CN': '身份验证器上的六位动态验证码', en: 'Six digits of your authenticator app' },
  send: { 'zh-CN': '登录', en: 'Sign in' },
  codeRefused: { 'zh-CN': '验证码不对，或者已经用过。', en: 'The code is wrong, or was used already.' },
  sso_not_linked: {
    'zh-CN': '这个账户还没有关联。请先用密码登录，再在安全设置中关联。',
    en: 'That account is not linked yet. Sign in with your password and link it in your security settings.',
  },
  sso_linked: { 'zh-CN': '这个账户或者您本人已有关联。', en: 'That account, or you, are linked already.' },
  sso_too_weak: {
    'zh-CN': '对方没有要求两种验证方式。请用验证码或通行密钥确认。',
    en: 'The provider did not ask for two factors. Confirm with a code or a passkey.',
  },
  refused: { 'zh-CN': '没有成功。请从头再来一次。', en: 'That did not work. Start again.' },
  away: { 'zh-CN': '现在无法完成。请稍后再试。', en: 'It could not be done right now. Try again shortly.' },
} satisfies Record<string, Text>;

const language = navigator.language.startsWith('zh') ? 'zh-CN' : 'en';
const say = (name: string): string => (TEXTS as Record<string, Text>)[name]?.[language] ?? TEXTS.refused[language];
const page = document.getElementById('page') as HTMLElement;

/** Text goes in as text: nothing that comes from outside becomes markup. */
function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  content: string | Node[],
  set: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.append(...(typeof content === 'string' ? [content] : content));
  return Object.assign(made, set);
}

const show = (...parts: Node[]): void => page.replaceChildren(element('h1', say('title')), ...parts);

async function post(
  path: string,
  body: object,
  token?: unknown,
): Promise<{ ok: boolean; body: Record<string, unknown> }> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(typeof token === 'string' ? { Authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { ok: response.ok, body: text ? JSON.parse(text) : {} };
  } catch {
    return { ok: false, body: { code: 'away' } };
  }
}

/** Whoever set out to link or to confirm is signed in, and the cookie still says so; a sign-in needs nobody. */
async function comeBack(): Promise<void> {
  const query = new URLSearchParams(location.search);
  history.replaceState(null, '', location.pathname); // the code is used up, and nobody's to read over a shoulder
  show(element('p', say('wait')));
  const back = ['state', 'code', 'error', 'iss'].flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const { body: session } = await post('/api/sessions/refresh', {});
  const { ok, body } = await post('/api/sso/callbacks', Object.fromEntries(back), session['accessToken']);
  if (!ok) {
    tellOpener({ code: String(body['code']) });
    return show(element('p', say(String(body['code'])), { className: 'bad', role: 'alert' }));
  }
  if (body['next'] === 'second-factor') return askCode(body['ticket']);
  if (body['result'] === 'session') localStorage.setItem('signed-in', 'yes'); // see ground/session.ts
  if (body['result'] === 'reverified') tellOpener({ token: String(body['token']) });
  show(element('p', say(String(body['next'] === 'enrol-second-factor' ? body['next'] : body['result']))));
}

/** The page that waits for a confirmation is another window of the same browser; see ground/step-up-sso.ts. */
const tellOpener = (what: object): void => new BroadcastChannel('firebreak-reverification').postMessage(what);

function askCode(ticket: unknown, trouble?: string): void {
  const code = element('input', '', {
    id: 'code',
    required: true,
    autocomplete: 'one-time-code',
    inputMode: 'numeric',
    pattern: '[0-9]{6}',
  });
  const sheet = element('form', [
    element('label', say('code'), { htmlFor: 'code' }),
    code,
    ...(trouble ? [element('p', say(trouble), { className: 'bad', role: 'alert' })] : []),
    element('button', say('send'), { type: 'submit' }),
  ]);
  sheet.onsubmit = async (event) => {
    event.preventDefault();
    const { ok } = await post('/api/sessions/second-factor', { ticket, code: code.value });
    if (ok) show(element('p', say('session')));
    else askCode(ticket, 'codeRefused');
  };
  show(sheet);
  code.focus();
}

document.documentElement.lang = language;
void comeBack();

export {};
