import { defineConfig } from 'vite'

// biome-ignore lint/style/noDefaultExport: Vite looks for it
export default defineConfig({
  build: {
    target: 'es2022',
    // Small files stay files: a data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    // Every browser of that target has it.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The distribution serves it, always in the version that fits its endpoints.
      external: ['/.sign-in/client.js'],
    },
  },
})
