// How long there is left until a deadline, counted on the page: no message from the kernel is needed for it.

/**
 * @typedef {object} Model
 * @property {(name: "deadline" | "ahead") => number} get  both in milliseconds
 * @property {(event: string, hear: () => void) => void} on
 * @property {(event: string, hear: () => void) => void} off
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** @param {number} count @param {string} unit */
const counted = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;

/**
 * A length of time in its two largest units that say something.
 * @param {number} left milliseconds, not negative
 */
function inWords(left) {
  const [days, hours] = [Math.floor(left / DAY), Math.floor((left % DAY) / HOUR)];
  const [minutes, seconds] = [Math.floor((left % HOUR) / MINUTE), Math.floor((left % MINUTE) / SECOND)];
  if (days) return `${counted(days, "day")} ${counted(hours, "hour")}`;
  if (hours) return `${counted(hours, "hour")} ${counted(minutes, "minute")}`;
  if (minutes >= 10) return counted(minutes, "minute");
  return `${counted(minutes, "minute")} ${counted(seconds, "second")}`;
}

/** @param {{model: Model, el: HTMLElement}} view */
function render({ model, el }) {
  const text = document.createElement("p");
  text.setAttribute("role", "timer");
  text.style.margin = "0";
  el.append(text);

  function show() {
    const deadline = model.get("deadline");
    const left = deadline - model.get("ahead") - Date.now();
    const words = left < 0 ? "The time to submit it is over." : `${inWords(left)} left to submit it.`;
    const said = deadline ? words : "";
    if (text.textContent !== said) text.textContent = said;
    text.className = left < HOUR ? "tgk-warning" : "tgk-hint";
    text.hidden = !deadline;
  }

  show();
  model.on("change:deadline", show);
  model.on("change:ahead", show);
  const timer = setInterval(show, SECOND);
  return () => {
    clearInterval(timer);
    model.off("change:deadline", show);
    model.off("change:ahead", show);
  };
}

export default { render };
