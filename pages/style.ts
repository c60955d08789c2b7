/**
 * What every page of the sign-in looks like, those of the function and the static ones: a card in the middle, in light
 * and dark, with the fonts of the device. One text, because the Content-Security-Policy names its hash. Both sets of
 * colours have a contrast of at least 4.5 (Web Content Accessibility Guidelines 2.2, 1.4.3), of 3 where they mark a
 * control.
 */
export const STYLE = `:root{color-scheme:light dark;--ink:#1b2430;--soft:#475467;--back:#eef2f6;--card:#fff;--line:#d3dae4;--main:#1d5bbf;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#edf1f6;--soft:#b6c0cd;--back:#11161d;--card:#1b222c;--line:#39434f;--main:#8db9ff;--on:#0b1a30}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;align-items:center;justify-items:center;padding:1rem;background:var(--back);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,Ubuntu,sans-serif;-webkit-text-size-adjust:100%}
main{width:100%;max-width:29rem;padding:2rem;border:1px solid var(--line);border-radius:1rem;background:var(--card);box-shadow:0 .5rem 2rem #0f172a14}
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25;text-wrap:balance}
h1,p,li,a,button{overflow-wrap:anywhere}
p,ul{margin:0 0 .75rem;color:var(--soft)}
ul{padding-left:1.25rem}
strong{color:var(--ink)}
:is(main,section)>:last-child{margin-bottom:0}
[hidden]{display:none!important}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
.actions form{display:contents}
.actions :is(a,button){flex:1 1 auto;min-height:2.75rem;padding:.55rem 1.1rem;border:1px solid var(--main);border-radius:.6rem;background:none;color:var(--main);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
.actions .primary{background:var(--main);color:var(--on)}
.actions :is(a,button):hover{text-decoration:underline}
:focus-visible{outline:3px solid var(--main);outline-offset:3px}
@media(max-width:26rem){main{padding:1.5rem}.actions{flex-direction:column}}
@media(forced-colors:active){main{border-color:CanvasText}}
`
