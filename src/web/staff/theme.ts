import { type ThemeConfig, theme } from 'antd';

/** The colours of ground.css: every one of them stands out enough from what it is written on (WCAG 2.2, 1.4.3). */
const LIGHT = {
  act: '#0b5cad',
  good: '#1b6e3c',
  warn: '#8a5300',
  bad: '#b3261e',
  soft: '#5c6876',
  onAct: '#ffffff',
  goodGround: '#e7f5ec',
  warnGround: '#fff4e0',
  badGround: '#fdecea',
  infoGround: '#e8f1fb',
  ground: '#f4f6f9',
  sheet: '#ffffff',
  raised: '#ffffff',
};
const DARK = {
  act: '#7db7f5',
  good: '#7fd6a0',
  warn: '#f3bd6a',
  bad: '#ff9a91',
  soft: '#a8b4c2',
  onAct: '#0d1a28',
  goodGround: '#14301f',
  warnGround: '#33260f',
  badGround: '#3a1b1a',
  infoGround: '#14283d',
  ground: '#10161d',
  sheet: '#18212b',
  raised: '#202b37',
};

/** Ant Design in our colours, dense; without motion for whoever asks for none. */
export function themeOf(isDark: boolean, isCalm: boolean): ThemeConfig {
  const colours = isDark ? DARK : LIGHT;
  const { act, good, warn, bad, soft, onAct } = colours;
  return {
    algorithm: [isDark ? theme.darkAlgorithm : theme.defaultAlgorithm, theme.compactAlgorithm],
    token: {
      colorPrimary: act,
      colorLink: act,
      colorSuccess: good,
      colorWarning: warn,
      colorError: bad,
      colorSuccessBg: colours.goodGround,
      colorWarningBg: colours.warnGround,
      colorErrorBg: colours.badGround,
      colorInfoBg: colours.infoGround,
      colorBgLayout: colours.ground,
      colorBgContainer: colours.sheet,
      colorBgElevated: colours.raised,
      colorTextPlaceholder: soft,
      colorTextDescription: soft,
      colorTextDisabled: soft,
      fontSize: 16, // which the compact look makes 14: Chinese is not read well any smaller
      borderRadius: 6,
      motion: !isCalm,
      fontFamily: 'inherit',
    },
    components: { Button: { primaryColor: onAct, dangerColor: onAct } },
  };
}
