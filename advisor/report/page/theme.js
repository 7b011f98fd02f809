'use strict';

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

for (const e of $$('[data-script]')) e.hidden = false;

// Theme: the system's, light, dark. Storage may be refused, as from a file.
const themes = ['', 'light', 'dark'];
const looks = { '': ['◐', 'as the system has it'], light: ['☀', 'light'], dark: ['☾', 'dark'] };
function setTheme(theme) {
  if (!themes.includes(theme)) theme = '';
  document.documentElement.dataset.theme = theme;
  const button = $('#theme');
  button.textContent = looks[theme][0];
  button.setAttribute('aria-label', 'Theme: ' + looks[theme][1]);
  try { localStorage.setItem('concurlint-theme', theme); } catch { /* the next page starts anew */ }
}
function nextTheme() {
  setTheme(themes[(themes.indexOf(document.documentElement.dataset.theme || '') + 1) % themes.length]);
}
let stored = '';
try { stored = localStorage.getItem('concurlint-theme') || ''; } catch { /* likewise */ }
setTheme(stored);
$('#theme').addEventListener('click', nextTheme);
