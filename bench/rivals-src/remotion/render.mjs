import {bundle} from '@remotion/bundler';
import {renderMedia, selectComposition} from '@remotion/renderer';

const [browserExecutable, frames, outputLocation] = process.argv.slice(2);
const serveUrl = await bundle({entryPoint: new URL('./index.jsx', import.meta.url).pathname});
const common = {serveUrl, id: 'job', browserExecutable, chromeMode: 'chrome-for-testing',
  chromiumOptions: {gl: 'swiftshader'}};
const composition = await selectComposition(common);
await renderMedia({...common, composition, codec: 'h264', crf: 21, x264Preset: 'veryfast', muted: true,
  frameRange: [0, Number(frames) - 1], outputLocation, logLevel: 'error'});
