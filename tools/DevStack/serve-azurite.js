// Serves Azurite until standard input ends, as it does however the host ends, and saves every write that was acknowledged.
// usage: node serve-azurite.js FOLDER AZURITE_JS ARGUMENTS...
const { spawn } = require('child_process');
const fs = require('fs');
const http = require('http');
const path = require('path');

if (!process.env.CLOUD_REWIND_AZURITE) {
  // A session of its own, because a terminal signals the whole process group of the host.
  const env = { ...process.env, CLOUD_REWIND_AZURITE: '1' };
  spawn(process.execPath, process.argv.slice(1), { env, detached: true, windowsHide: true, stdio: 'inherit' }).unref();
  return;
}

const [folder, azurite, ...options] = process.argv.slice(2);
process.argv.splice(1, process.argv.length, azurite, ...options);

// The next start waits until this process has saved, and removed the file.
const pidFile = path.join(folder, 'azurite.pid');
fs.writeFileSync(pidFile, `${process.pid}\n`);
process.on('exit', () => fs.rmSync(pidFile, { force: true }));

const servers = [];
const { createServer } = http;
http.createServer = (...parameters) => {
  const server = createServer(...parameters);
  servers.push(server);
  return server;
};

// Azurite closes without waiting for its requests, and would lose what they write after it has saved. So they end first.
let isClosing = false;
const close = () => {
  if (isClosing) return;
  isClosing = true;
  setTimeout(() => process.exit(1), 25_000).unref();
  const ends = servers.map((server) => {
    server.prependListener('request', (_, response) => { response.shouldKeepAlive = false; });
    return new Promise((resolve) => { server.close(resolve); });
  });
  const limit = new Promise((resolve) => { setTimeout(resolve, 10_000).unref(); });
  Promise.race([Promise.all(ends), limit]).then(() => process.emit('SIGTERM') || process.exit());
};

process.stdin.on('error', close).on('close', close).resume();
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
// Azurite listens for SIGTERM once all of its services answer.
process.on('newListener', (name) => { if (name === 'SIGTERM') console.log(`ready ${process.pid}`); });
require(azurite);
