"use strict";
// The page's own script: filters, keys, and the slider through the states of a scenario. All text goes in as text, never as markup.

const cases = [...document.querySelectorAll(".case")];
const filter = document.getElementById("filter");
const shown = document.getElementById("shown");
const buttons = [...document.querySelectorAll("[data-status][aria-pressed]")];
const walks = new Map();

function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function select() {
  const wanted = filter.value.trim().toLowerCase().split(/\s+/);
  const pressed = new Set(buttons.filter(b => b.getAttribute("aria-pressed") === "true").map(b => b.dataset.status));
  let count = 0;
  for (const one of cases) {
    const id = one.dataset.id.toLowerCase();
    one.hidden = !pressed.has(one.dataset.status) || !wanted.every(word => id.includes(word));
    if (!one.hidden) count += 1;
  }
  shown.textContent = `${count} of ${cases.length} scenarios`;
}

filter.addEventListener("input", select);
for (const button of buttons) {
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    select();
  });
}

// A run: its moments, and what is known after each.
function walk(run) {
  const source = run.querySelector("script[type='application/json']");
  if (!source) return null;
  const { actors, objects, moments } = JSON.parse(source.textContent);
  const range = run.querySelector("input[type=range]");
  const output = run.querySelector("output");
  const panel = run.querySelector(".state");
  const now = run.querySelector(".now");
  const later = run.querySelector(".later");
  const frame = run.querySelector(".timeline");
  const script = run.querySelector(".script");
  const items = [...run.querySelectorAll("li[data-line]")];
  const height = later.ownerSVGElement.height.baseVal.value;
  const hasPlaces = moments.some(moment => moment[3].some(([key, cells]) => key !== "o" && cells && cells[0]));

  function after(number) {
    const people = actors.map(() => null);
    const things = objects.map(() => false);
    for (const moment of moments.slice(0, number + 1)) {
      for (const change of moment[3]) {
        if (change[0] === "o") things[change[1]] = change[2];
        else people[change[0]] = change[1];
      }
    }
    return { people, things };
  }

  function table(number) {
    const { people, things } = after(number);
    const fresh = new Set(moments[number][3].filter(c => c[0] !== "o").map(c => c[0]));
    const element = make("table");
    const head = make("tr");
    for (const word of hasPlaces ? ["actor", "in", "now", "holds"] : ["actor", "now", "holds"]) head.append(make("th", "", word));
    element.append(head);
    actors.forEach((name, index) => {
      const cells = people[index];
      const row = make("tr", number > 0 && fresh.has(index) ? "new" : "");
      const who = make("td");
      who.append(make("span", `dot d${index % 8}`), document.createTextNode(name));
      row.append(who);
      const [place, doing, holds] = cells ?? ["", "is not born yet", ""];
      if (hasPlaces) row.append(make("td", "", place));
      const waits = doing.startsWith("waits") || doing.startsWith("sleeps");
      row.append(make("td", waits ? "waits" : cells && doing !== "has ended" ? "" : "absent", doing), make("td", "", holds));
      element.append(row);
    });
    const there = objects.filter((_, index) => things[index]).map(([name, kind, place]) => `${kind} ${name} in ${place}`.replace("  ", " "));
    const list = make("p", "hint", objects.length === 0 ? "" : there.length === 0 ? "Objects: none" : `Objects: ${there.join(", ")}`);
    list.style.margin = ".3rem 0";
    panel.replaceChildren(list, element);
  }

  function show() {
    const number = Number(range.value);
    const [, words, lines] = moments[number];
    output.textContent = number === 0 ? "before the first step" : `${number}/${moments.length - 1}  line ${lines[0]}: ${words.join("; ")}`;
    range.setAttribute("aria-valuetext", output.textContent);
    const top = number === 0 ? 0 : moments[number - 1][0];
    const bottom = moments[number][0];
    now.setAttribute("y", top);
    now.setAttribute("height", number === 0 ? 0 : bottom - top);
    later.setAttribute("y", bottom);
    later.setAttribute("height", Math.max(0, number === moments.length - 1 ? 0 : height - bottom));
    const passed = new Set(moments.slice(0, number + 1).flatMap(moment => moment[2]));
    const here = new Set(lines);
    for (const item of items) {
      const line = Number(item.dataset.line);
      item.classList.toggle("here", here.has(line));
      item.classList.toggle("done", passed.has(line) && !here.has(line));
    }
    frame.scrollTop = top - frame.clientHeight / 2;
    const left = moments[number][4] ?? 0;
    if (left < frame.scrollLeft + 40 || left + 240 > frame.scrollLeft + frame.clientWidth) frame.scrollLeft = Math.max(0, left - frame.clientWidth / 3);
    const current = items.find(item => item.classList.contains("here"));
    if (current && script) script.scrollTop = current.offsetTop - script.offsetTop - script.clientHeight / 2;
    table(number);
  }

  function move(by) {
    range.value = String(Number(range.value) + by);
    show();
  }

  range.addEventListener("input", show);
  run.querySelector(".back").addEventListener("click", () => move(-1));
  run.querySelector(".on").addEventListener("click", () => move(1));
  show();
  return { move };
}

function open(one) {
  if (!walks.has(one)) walks.set(one, [...one.querySelectorAll(".run")].map(walk).filter(Boolean));
}

for (const one of cases) {
  one.addEventListener("toggle", () => { if (one.open) open(one); });
  if (one.open) open(one);
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, textarea");
  if (event.key === "/" && !typing) {
    filter.focus();
    filter.select();
    event.preventDefault();
  } else if (event.key === "Escape" && event.target === filter) {
    filter.value = "";
    select();
  } else if (event.target.matches("summary") || event.target === filter) {
    const visible = cases.filter(one => !one.hidden).map(one => one.querySelector("summary"));
    const at = visible.indexOf(event.target);
    const one = event.target.parentElement;
    if (event.key === "ArrowDown" || (event.key === "Enter" && event.target === filter)) (visible[at + 1] ?? visible[at])?.focus();
    else if (event.key === "ArrowUp" && at === 0) filter.focus();
    else if (event.key === "ArrowUp" && at > 0) visible[at - 1].focus();
    else if (event.key === "Home" && at >= 0) visible[0].focus();
    else if (event.key === "End" && at >= 0) visible.at(-1).focus();
    else if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && at >= 0 && one.open) {
      walks.get(one)?.[0]?.move(event.key === "ArrowLeft" ? -1 : 1);
    } else return;
    event.preventDefault();
  }
});

function measure() {
  const header = document.querySelector("header");
  const sticks = getComputedStyle(header).position === "sticky";
  document.documentElement.style.setProperty("--head", sticks ? `${header.offsetHeight}px` : "0px");
}

addEventListener("resize", measure);
measure();
select();
const first = cases.find(one => one.dataset.status === "diverged" || one.dataset.status === "failed") ?? (cases.length === 1 ? cases[0] : null);
if (first) {
  first.open = true;
  if (cases.length > 1) first.scrollIntoView({ block: "center" });
}
