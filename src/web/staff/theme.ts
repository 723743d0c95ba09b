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
};

/** Ant Design in our colours, dense; without motion for whoever asks for none. */
export function themeOf(isDark: boolean, isCalm: boolean): ThemeConfig {
  const { act, good, warn, bad, soft, onAct, goodGround, warnGround, badGround, infoGround } = isDark ? DARK : LIGHT;
  return {
    algorithm: [isDark ? theme.darkAlgorithm : theme.defaultAlgorithm, theme.compactAlgorithm],
    token: {
      colorPrimary: act,
      colorLink: act,
      colorSuccess: good,
      colorWarning: warn,
      colorError: bad,
      colorSuccessBg: goodGround,
      colorWarningBg: warnGround,
      colorErrorBg: badGround,
      colorInfoBg: infoGround,
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
