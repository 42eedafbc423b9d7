// Suggests names and values while somebody types a search: an editable combobox with a list, as the ARIA Authoring
// Practices Guide describes it. It is loaded when the field gets the focus.

const field = document.getElementById('filter-q')
const list = document.createElement('ul')
const maximum = 8

// What follows each name: the member by whose values the log counts, or the values that there are.
const names = {
  type: 'type', source: 'source', user: 'user_id', request: 'request_id', tag: 'tag',
  has: ['user', 'request', 'tag', 'data'], since: ['15m', '1h', '24h', '7d'], until: ['15m', '1h', '24h', '7d'],
  on: [new Date().toISOString().slice(0, 10)],
}
const known = new Map()
let options = []
let active = -1
let latest = 0

// The term in front of the caret. Text in quotation marks is one, and may not be closed yet.
function term() {
  const before = field.value.slice(0, field.selectionStart)
  const text = before.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*"?)*$/)[0]
  const [, minus, name, value] = text.match(/^(-?)(?:([a-z_]+|data\.[^:=<>]+)[:=])?(.*)$/s)
  return { start: before.length - text.length, minus, name, value }
}

// A value as it is written. A text in data that looks like another value needs quotation marks.
function written(value, isData) {
  if (typeof value !== 'string') return String(value)
  let isOther = false
  try { isOther = isData && JSON.parse(value) !== undefined } catch { /* It is a text. */ }
  if (!isOther && /^[^\s"\\]+$/.test(value)) return value
  return isData ? JSON.stringify(value) : `"${value.replace(/["\\]/g, '\\$&')}"`
}

// The most frequent values of a member, each with its count.
async function values(member) {
  if (!known.has(member)) {
    const url = new URL(`events/facets?${new URLSearchParams({ by: member, limit: 100 })}`, field.form.action)
    const response = await fetch(url)
    if (!response.ok) return []
    known.set(member, (await response.json()).values)
  }
  return known.get(member)
}

async function suggestions({ minus, name, value }) {
  const typed = value.replace(/^"/, '').toLowerCase()
  if (!name) {
    return typed === '' ? [] : [...Object.keys(names).map((each) => `${each}:`), 'data.']
      .filter((each) => each.startsWith(typed) && each !== typed).map((text) => ({ text: minus + text }))
  }
  const isData = name.startsWith('data.')
  const source = isData ? name : names[name]
  const all = typeof source === 'string' ? await values(source) : (source ?? []).map((each) => ({ value: each }))
  const matching = all.filter((each) => String(each.value).toLowerCase().includes(typed))
    .map((each) => ({ text: `${minus}${name}:${written(each.value, isData)}`, count: each.count, isWhole: true }))
  return matching.some((each) => each.text === `${minus}${name}:${value}`) ? [] : matching
}

function close() {
  latest += 1
  options = []
  list.hidden = true
  field.setAttribute('aria-expanded', 'false')
  activate(-1)
}

function activate(index) {
  active = index
  for (const [number, option] of [...list.children].entries()) option.setAttribute('aria-selected', number === index)
  if (index < 0) return field.removeAttribute('aria-activedescendant')
  field.setAttribute('aria-activedescendant', list.children[index].id)
  list.children[index].scrollIntoView({ block: 'nearest' })
}

async function open() {
  const number = ++latest
  const place = term()
  const found = await suggestions(place).catch(() => [])
  if (number !== latest || document.activeElement !== field) return
  if (found.length === 0) return close()
  options = found.slice(0, maximum).map((option) => ({ ...option, start: place.start }))
  list.replaceChildren(...options.map(({ text, count }, index) => {
    const option = document.createElement('li')
    option.id = `suggestion-${index}`
    option.role = 'option'
    option.dir = 'auto'
    option.textContent = text
    if (count !== undefined) {
      const number = document.createElement('span')
      number.className = 'quiet'
      number.textContent = count.toLocaleString('en')
      option.append(' ', number)
    }
    return option
  }))
  list.hidden = false
  field.setAttribute('aria-expanded', 'true')
  activate(-1)
}

function choose({ start, text, isWhole }) {
  field.setRangeText(isWhole ? `${text} ` : text, start, field.selectionStart, 'end')
  close()
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

field.addEventListener('input', open)
field.addEventListener('blur', close)
field.addEventListener('keydown', (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step && event.altKey === false) {
    event.preventDefault()
    if (list.hidden) open()
    else activate((active + 1 + step + options.length + 1) % (options.length + 1) - 1)
  } else if (event.key === 'Enter' && active >= 0) {
    event.preventDefault()
    choose(options[active])
  } else if (event.key === 'Escape' && !list.hidden) {
    event.preventDefault()
    close()
  }
})
list.addEventListener('pointerdown', (event) => {
  // The field keeps the focus.
  event.preventDefault()
  const option = event.target.closest('li')
  if (option) choose(options[[...list.children].indexOf(option)])
})

list.id = 'suggestions'
list.role = 'listbox'
list.ariaLabel = 'Suggestions'
list.className = 'suggestions'
list.hidden = true
field.parentElement.append(list)
for (const [name, value] of Object.entries({
  role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id,
})) field.setAttribute(name, value)

// The page came with an error: its place is selected.
const place = field.dataset.place?.split(' ')
if (place && document.activeElement === field) field.setSelectionRange(...place)
