// Before the first paint: the theme that was chosen here, or the system's.
'use strict';
try {
  const chosen = localStorage.getItem('mora.theme');
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
} catch {
  // Without storage the system decides.
}
