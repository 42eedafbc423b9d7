// Makes the pages of Event Log nicer to use. Everything works without it.

const memory = {
  get: (name) => { try { return localStorage.getItem(`eventlog-${name}`) } catch { return null } },
  set: (name, value) => { try { localStorage.setItem(`eventlog-${name}`, value) } catch { /* not allowed */ } },
}

// Times: the server writes UTC, and the reader can switch to local time.

const zones = { utc: 'Times in UTC', local: 'Times in local time' }

function pad(number, digits = 2) {
  return String(number).padStart(digits, '0')
}

function localTime(text) {
  const time = new Date(text)
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} `
    + `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`
}

// Unchanged text is left alone, which avoids a second layout.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

function showTimes() {
  const isLocal = memory.get('zone') === 'local'
  for (const element of document.querySelectorAll('time')) {
    element.dataset.utc ??= element.textContent
    setText(element, isLocal ? localTime(element.dateTime) : element.dataset.utc)
  }
  for (const element of document.querySelectorAll('.zone')) setText(element, isLocal ? 'local' : 'UTC')
}

// The theme follows the system unless the reader chooses one.

const themes = { auto: 'Theme: automatic', light: 'Theme: light', dark: 'Theme: dark' }

function showTheme() {
  const theme = memory.get('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
}

function setUpSwitch(name, choices, show) {
  const button = document.querySelector(`[data-switch="${name}"]`)
  const names = Object.keys(choices)
  const current = () => names.includes(memory.get(name)) ? memory.get(name) : names[0]
  const update = () => {
    if (button) button.textContent = choices[current()]
    show()
  }
  button?.addEventListener('click', () => {
    memory.set(name, names[(names.indexOf(current()) + 1) % names.length])
    update()
  })
  update()
}

setUpSwitch('theme', themes, showTheme)
setUpSwitch('zone', zones, showTimes)
for (const element of document.querySelectorAll('.switches')) element.hidden = false

// Keys: Ctrl+Enter or Command+Enter sends the form, and a slash focuses the search field.

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.target.closest?.('form[method="post"]')?.requestSubmit()
  }
  const isTyping = event.target.closest?.('input, textarea, select')
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.getElementById('filter-q')
    if (search) {
      event.preventDefault()
      search.focus()
      search.select()
    }
  }
})

// A success notice fades, and a reload does not show it again.

for (const notice of document.querySelectorAll('.notice-fading')) {
  setTimeout(() => notice.classList.add('faded'), 6000)
  const address = new URL(location.href)
  address.searchParams.delete('created')
  history.replaceState(null, '', address)
}

// The filter is applied as it changes; the form and the focus stay in place.

const filter = document.querySelector('form.filter')
let newest = 0
let changed = null
const view = () => location.pathname + location.search
let shown = view()

function address(form) {
  const query = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (value !== '') query.append(name, value)
  return `${form.action}?${query}`
}

// All typing in one field is a single step of the history; any other change is a step of its own.
function remember(url, field) {
  if (url === location.href) return
  const isTyping = field !== null && field === changed
  history[isTyping ? 'replaceState' : 'pushState'](null, '', url)
  changed = field
  shown = view()
}

function takeErrors(page) {
  for (const error of filter.querySelectorAll('.error')) error.remove()
  for (const field of filter.querySelectorAll('[id^="filter-"]')) {
    const fresh = page.getElementById(field.id)
    for (const name of ['aria-invalid', 'aria-describedby']) {
      if (fresh?.hasAttribute(name)) field.setAttribute(name, fresh.getAttribute(name))
      else field.removeAttribute(name)
    }
    const error = page.getElementById(field.id.replace('filter', 'filter-error'))
    if (error) (field.matches('input, select') ? field.parentElement : field).append(error)
  }
}

async function apply(field) {
  const number = ++newest
  const results = document.getElementById('results')
  results.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch(address(filter), { headers: { Accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    if (number !== newest) return
    const fresh = page.getElementById('results')
    if (!fresh || !response.ok && response.status !== 422) throw new Error(response.statusText)
    results.replaceChildren(...fresh.childNodes)
    takeErrors(page)
    remember(response.url, field)
    // The server has turned a time range into moments.
    for (const name of ['since', 'until', 'range']) {
      const field = filter.elements[name]
      const freshField = page.querySelector(`form.filter [name="${name}"]`)
      if (name === 'range') field.replaceChildren(...freshField.childNodes)
      if (field !== document.activeElement) field.value = freshField.value
    }
    results.removeAttribute('aria-busy')
    document.getElementById('outcome').textContent = results.querySelector('figcaption, .empty')?.textContent ?? ''
    showTimes()
  } catch {
    // The server's own page explains best what is wrong.
    if (number === newest) location.assign(address(filter))
  }
}

let pause
filter?.addEventListener('input', (event) => {
  clearTimeout(pause)
  const isTyped = event.target.matches('input:not([type="checkbox"])')
  pause = setTimeout(apply, isTyped ? 300 : 0, isTyped ? event.target : null)
})
filter?.addEventListener('submit', (event) => {
  event.preventDefault()
  clearTimeout(pause)
  apply(null)
})
// A link to a fragment of this page is also a step of the history.
addEventListener('popstate', () => {
  if (view() !== shown) location.reload()
})
