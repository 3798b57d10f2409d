// A certified OpenID provider on loopback: device flow, refresh tokens that rotate and are checked for reuse, revocation.
// Arguments: the folder that holds node_modules, the PEM file with key and certificate, the lifetime of access tokens (s).
// What a person does in a browser is done by POST /test/approve?code=USER_CODE; POST /test/decline refuses.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { pathToFileURL } from 'node:url';

const [modules, pem, life] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

const identity = readFileSync(pem);
const server = createServer({ key: identity, cert: identity });
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `https://localhost:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'keybound',
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    response_types: [],
    redirect_uris: [],
  }],
  features: { deviceFlow: { enabled: true }, revocation: { enabled: true }, devInteractions: { enabled: false } },
  findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  ttl: { AccessToken: Number(life), RefreshToken: 86400, DeviceCode: 600, Grant: 86400 },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  cookies: { keys: ['of a test'] },
});

const counts = { refreshed: 0, reused: 0, revoked: 0, granted: 0 };
provider.on('grant.success', (ctx) => {
  counts[ctx.oidc.params.grant_type === 'refresh_token' ? 'refreshed' : 'granted'] += 1;
});
provider.on('grant.error', (ctx, error) => {
  if (ctx.oidc?.params?.grant_type === 'refresh_token' && error.error === 'invalid_grant') counts.reused += 1;
});
provider.on('grant.revoked', () => { counts.revoked += 1; });

let hold = 0; // milliseconds before an answer goes out
const answer = provider.callback();
const tell = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};
server.on('request', async (request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname === '/test/counts') return tell(response, 200, counts);
  if (url.pathname === '/test/hold') { hold = Number(url.searchParams.get('ms')); return tell(response, 200, {}); }
  if (url.pathname === '/test/live') {
    const found = await provider.AccessToken.find(url.searchParams.get('token'));
    return tell(response, 200, { live: Boolean(found) });
  }
  if (url.pathname.startsWith('/test/')) {
    const plain = url.searchParams.get('code').replace(/[^A-Z]/g, '');
    const code = await provider.DeviceCode.findByUserCode(plain, { ignoreExpiration: true });
    if (!code) return tell(response, 404, {});
    if (url.pathname === '/test/decline') {
      Object.assign(code, { error: 'access_denied', errorDescription: 'End-User aborted interaction' });
    } else {
      const grant = new provider.Grant({ clientId: code.clientId, accountId: 'dev' });
      grant.addOIDCScope('openid offline_access');
      Object.assign(code, { accountId: 'dev', grantId: await grant.save(), scope: 'openid offline_access', authTime: 1 });
    }
    await code.save();
    return tell(response, 200, {});
  }
  if (hold && url.pathname === '/token') {
    const end = response.end.bind(response);
    response.end = (...given) => { setTimeout(() => end(...given), hold); return response; };
  }
  return answer(request, response);
});
console.log(issuer);
