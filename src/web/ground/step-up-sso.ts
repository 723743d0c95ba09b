import { call } from './client.js';
import { ApiProblem } from './problem.js';

/** The page that a provider sends people back to tells its result here; see customer/links/sso-callback-page.tsx. */
export const REVERIFICATION_CHANNEL = 'firebreak-reverification';

/**
 * Answers a challenge in a window of the provider's, so that the page with what was entered stays as it is. Whether that
 * window was closed cannot be seen from here (Cross-Origin-Opener-Policy): the dialog can be left meanwhile.
 *
 * @throws ApiProblem
 */
export async function answerThroughProvider(reverificationId: string): Promise<{ token: string }> {
  const window_ = window.open('', '_blank', 'popup,width=480,height=640'); // while the press still counts
  if (!window_) throw new ApiProblem(400, { code: 'popup_blocked' });
  const channel = new BroadcastChannel(REVERIFICATION_CHANNEL);
  try {
    const { providers } = await call('listSsoProviders');
    const links = await call('listSsoLinks');
    const provider = providers.find((one) => links.links.some((link) => link.provider === one));
    if (!provider) throw new ApiProblem(404, { code: 'sso_not_linked' });
    const { url } = await call('startSsoReverification', { params: { reverificationId, provider } });
    window_.location.href = url;
    return await new Promise((resolve, reject) => {
      channel.onmessage = ({ data }: MessageEvent<{ token?: string; code?: string }>) => {
        const { token, code } = data;
        if (token) resolve({ token });
        else reject(new ApiProblem(403, { code: code ?? 'internal' }));
      };
    });
  } catch (error) {
    window_.close();
    throw error;
  } finally {
    channel.close();
  }
}
