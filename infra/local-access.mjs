// For `func start`, which trusts nobody by default: makes a signing key, has the app trust it, and writes a token that is good for 8 hours.
//   node infra/local-access.mjs LOCAL_SETTINGS_JSON [FOLDER]
// The settings are those of local.settings.sample.json, and the public key; the private one and the token go to FOLDER, which is .local/ by
// default, and which git ignores.
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [target, folder] = process.argv.slice(2);
if (!target) {
  console.error("usage: node infra/local-access.mjs LOCAL_SETTINGS_JSON [FOLDER]");
  process.exit(2);
}
const root = fileURLToPath(new URL("../", import.meta.url));
const local = folder ?? join(root, ".local");
const [issuer, audience] = ["cloud-rewind-development", "cloud-rewind"];

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const kid = randomUUID();
const settings = JSON.parse(readFileSync(join(root, "local.settings.sample.json"), "utf8"));
Object.assign(settings.Values, {
  Auth__Jwks: JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid }] }),
  Auth__Issuer: issuer,
  Auth__Audience: audience,
});

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
const claims = {
  iss: issuer, aud: audience, sub: "developer", jti: randomUUID(), iat: now, nbf: now, exp: now + 8 * 60 * 60,
  account_id: 1, projects: "*",
  permissions: ["aws-protections.read", "aws-protections.create", "aws-protections.prune", "aws-assemblies.read", "aws-assemblies.write", "tokens.revoke"],
};
const unsigned = `${part({ alg: "ES256", kid, typ: "JWT" })}.${part(claims)}`;
const signature = sign("sha256", Buffer.from(unsigned), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");

mkdirSync(local, { recursive: true });
const write = (file, text) => writeFileSync(file, text, { mode: 0o600 });
write(target, `${JSON.stringify(settings, null, 2)}\n`);
write(join(local, "func-key.json"), JSON.stringify({ ...privateKey.export({ format: "jwk" }), kid }));
write(join(local, "func-token"), `${unsigned}.${signature}`);
console.log(`${target} trusts a key of its own; a token of account 1 is in ${join(local, "func-token")}, and the private key in ${join(local, "func-key.json")}`);
