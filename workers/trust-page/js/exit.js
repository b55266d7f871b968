// The quick exit of a page that has nothing to wipe: this page leaves the history of its tab.
document.getElementById("exit").addEventListener("click", (event) => {
  event.preventDefault();
  document.body.replaceChildren();
  document.title = "";
  location.replace(event.target.href);
});
