// Comfort only, every page works without it: the summary of errors is brought to the eye, a form is sent once, and
// whoever leaves a page with words that were not sent is asked whether they mean to.
document.getElementById("errors")?.focus();

let unsent = false;
document.addEventListener("input", ({ target }) => {
  unsent ||= target.form?.method === "post";
});
document.addEventListener("submit", (event) => {
  const { target } = event;
  if (target.dataset.sent) event.preventDefault();
  target.dataset.sent = "yes";
  unsent = false;
});
addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});
// A page that comes back from the browser's memory may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
