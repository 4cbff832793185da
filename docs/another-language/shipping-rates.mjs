// What a parcel costs, answered by Node behind the shop's facade. No packages.
//   node docs/another-language/shipping-rates.mjs        (from the repository's root; the host has been started once)
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { request } from 'node:https';

const { LISTEN = 'https://127.0.0.1:5102', MONOLITH = 'https://127.0.0.1:5443', CERTIFICATES = 'src/Host/data/peers' } = process.env;
const seed = 'src/Modules/Shipping/ModularShop.Shipping/Infrastructure/Seed';
const rows = file => readFileSync(`${seed}/${file}`, 'utf8').trim().split(/\r?\n/).slice(1).map(line => line.split(','));
const countries = new Map(rows('countries.csv').map(([code, name, zone]) => [code, { name, zone }]));
const rates = rows('rates.csv').map(([zone, service, over, upTo, minDays, maxDays, EUR, USD, GBP]) => (
  { zone, service, over: +over, upTo: +upTo, minDays: +minDays, maxDays: +maxDays, prices: Object.fromEntries(Object.entries({ EUR, USD, GBP }).filter(([, price]) => price).map(([currency, price]) => [currency, Math.round(price * 100)])) }));
const names = { Standard: 'Standard parcel', Express: 'Express', Economy: 'Economy freight' };

// Mutual TLS: the authority's certificates alone, and the deployable's name in the common name.
const identity = { ca: readFileSync(`${CERTIFICATES}/authority.pem`), cert: readFileSync(`${CERTIFICATES}/Shipping.pem`), key: readFileSync(`${CERTIFICATES}/Shipping.key`) };

// The keys that tokens are checked with; asked for again when a token bears the id of one that is not known.
let keys = new Map();
const readKeys = () => new Promise((done, failed) => request(new URL('/api/v1/customers/jwks', MONOLITH), { ...identity, servername: 'monolith' }, answer => {
  if (answer.socket.getPeerCertificate().subject.CN !== 'Monolith') return failed(new Error('That is not the monolith.'));
  let text = '';
  answer.on('data', part => text += part).on('end', () => done(new Map(JSON.parse(text).keys.map(key => [key.kid, createPublicKey({ key, format: 'jwk' })]))));
}).on('error', failed).end());

async function whoAsks(authorization) {
  const [head, body, signature] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization ?? '')?.slice(1) ?? [];
  if (!signature) return 'nobody';
  const json = part => JSON.parse(Buffer.from(part, 'base64url'));
  const { alg, kid } = json(head);
  if (!keys.has(kid)) keys = await readKeys();
  const isSigned = alg === 'ES256' && keys.has(kid)
    && verify('sha256', Buffer.from(`${head}.${body}`), { key: keys.get(kid), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  const claims = json(body);
  return isSigned && claims.iss === 'modularshop' && [claims.aud].flat().includes('modularshop') && Date.now() / 1000 < claims.exp ? claims.role : 'nobody';
}

function quote(query) {
  const code = (query.get('country') ?? '').trim().toUpperCase(), grams = Number(query.get('weightGrams')), currency = (query.get('currency') ?? 'EUR').trim().toUpperCase();
  const problem = (status, title, code, detail) => ({ status, body: { title, status, detail, code } });
  if (!Number.isInteger(grams) || grams < 1) return problem(400, 'Bad Request', 'request.invalid', 'A parcel weighs something.');
  const { zone, name } = countries.get(code) ?? {};
  if (!name) return problem(422, 'Unprocessable Entity', 'shipping.unknown_country', `'${code.slice(0, 10)}' is no country; use an ISO 3166-1 code of two letters such as DE.`);
  if (!zone) return problem(422, 'Unprocessable Entity', 'shipping.country_not_served', `No carrier takes parcels to ${name} (${code}).`);
  const items = rates.filter(r => r.zone === zone && r.over < grams && grams <= r.upTo && r.prices[currency])
    .map(r => ({ serviceCode: r.service.toLowerCase(), name: names[r.service], price: { amount: r.prices[currency], currency }, minDays: r.minDays, maxDays: r.maxDays }))
    .sort((a, b) => a.price.amount - b.price.amount || (a.serviceCode < b.serviceCode ? -1 : 1));
  return items.length > 0 ? { status: 200, body: { items } } : problem(422, 'Unprocessable Entity', 'shipping.unsupported_currency', `There is no price in '${currency.slice(0, 10)}' for it.`);
}

async function answer(asked) {
  const url = new URL(asked.url, LISTEN);
  if (url.pathname.startsWith('/health/')) return { status: 200, body: { status: 'Healthy' } };
  const isRead = asked.method === 'GET' || asked.method === 'HEAD';
  // Only the owner writes, and this is not it: nothing has happened, and the facade asks whoever is.
  if (!isRead) return { status: 503, headers: { 'retry-after': '1', 'x-shop-not-owner': asked.headers['x-shop-epoch'] ?? '1' } };
  // The client has just written, and what it wrote is not here: the facade asks the owner, and counts it as nobody's failure.
  if (asked.headers['x-shop-written']) return { status: 503, headers: { 'x-shop-stale': 'before-write' } };
  if (url.pathname !== '/api/v1/shipping/rates') return { status: 503 };
  return { ...quote(url.searchParams), headers: { 'asked-by': await whoAsks(asked.headers.authorization) } };
}

createSecureServer({ ...identity, requestCert: true, rejectUnauthorized: true, allowHTTP1: true }, async (asked, response) => {
  const { status, headers = {}, body } = await answer(asked).catch(e => (console.error(e), { status: 500, body: { status: 500, title: 'Internal Server Error' } }));
  response.writeHead(status, body ? { 'content-type': status === 200 ? 'application/json; charset=utf-8' : 'application/problem+json', ...headers } : headers);
  response.end(body && JSON.stringify(body));
}).listen(new URL(LISTEN).port, new URL(LISTEN).hostname, () => console.log(`Shipping's rates are answered by Node at ${LISTEN}. Stop with Ctrl+C.`));
