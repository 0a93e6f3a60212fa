/* How far a job is: asked every two seconds, and the page is loaded anew when it is over. Without this
   script the link "look again" does the same. */
"use strict";
{
  const progress = document.getElementById("progress");
  const said = document.getElementById("said");

  async function ask() {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const job = await answer.json();
      if (!job.waits) return location.reload();
      if (job.percent !== null) progress.value = job.percent;
      if (said.textContent !== job.said) said.textContent = job.said;
    } catch {
      // No connection, or signed out: the next time, or the link, will tell.
    }
    setTimeout(ask, 2000);
  }

  if (progress) setTimeout(ask, 2000);
}
