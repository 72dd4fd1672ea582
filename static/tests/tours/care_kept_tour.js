import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { session } from "@web/session";

const tours = registry.category("web_tour.tours");
const OWN_GOALS = ".o_field_widget[name=own_goals] textarea";

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const logIn = (login) =>
    rpc("/web/session/authenticate", { db: session.db, login, password: login }, { silent: true });
const call = (model, method, ...args) =>
    rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} }, { silent: true });

const write = (text) => ({ trigger: OWN_GOALS, run: `edit ${text}` });
const says = (text) => ({ trigger: `${OWN_GOALS}:value(${text})` });
const save = { trigger: ".o_form_button_save:enabled", run: "click" };
const saved = { trigger: "body:not(:has(.o_form_button_save:visible))" };

/** The tab dies: nothing is sent, and the page is loaded anew, as whoever is logged in then. */
const crash = (login) => ({
    content: `The page dies, and ${login} opens it`,
    trigger: "body",
    expectUnloadPage: true,
    async run() {
        navigator.sendBeacon = () => true;
        await pause(1.5); // it has been kept by then
        localStorage.setItem("care_kept/meddled", "{"); // by somebody else: the page opens all the same
        await logIn(login);
        location.reload();
    },
});

// The text that has the cursor and a line that is being written come back to their writer, and to nobody else.
tours.add("care_kept_after_a_crash", {
    steps: () => [
        { trigger: ".o_field_widget[name=goal_ids] .o_kanban_record:not(.o_kanban_ghost)", run: "click" },
        { trigger: ".modal .o_field_widget[name=name] textarea", run: "edit Baka bullar" },
        {
            content: "What lies in the browser says nothing",
            trigger: "body",
            async run() {
                await pause(1.5);
                const all = JSON.stringify(
                    Object.entries(localStorage).filter(([name]) => name.startsWith("care_kept")),
                );
                if (!all.includes("text") || /Baka|care\.plan/.test(all)) {
                    throw new Error(all);
                }
            },
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        write("Bo i lugn och ro"),
        crash("colleague"),
        says("Bo kvar"),
        { content: "It would be offered by now", trigger: "body", run: () => pause(1) },
        { trigger: "body:not(:has(.o_care_kept))" },
        crash("north_staff"),
        { trigger: ".o_care_kept .o_notification_buttons button:first-child", run: "click" },
        says("Bo i lugn och ro"),
        { trigger: ".o_field_widget[name=goal_ids]:contains(Baka bullar)" },
        save,
        saved,
        crash("north_staff"),
        says("Bo i lugn och ro"),
        { content: "It would be offered by now", trigger: "body", run: () => pause(1) },
        { trigger: "body:not(:has(.o_care_kept))" },
    ],
});

// A record that is not made yet, opened again for the same plan.
const note = {
    trigger: "button[name]:contains(Note a Conversation), button[name]:contains(samtal)",
    run: "click",
};
tours.add("care_kept_new", {
    steps: () => [
        note,
        { trigger: ".o_field_widget[name=body] textarea", run: "edit Hon vill flytta" },
        crash("north_staff"),
        { trigger: ".o_care_kept .o_notification_buttons button:first-child", run: "click" },
        { trigger: ".o_field_widget[name=body] textarea:value(Hon vill flytta)" },
        save,
        saved,
    ],
});

// The session ends while a plan is written: it stays on the page, and is saved after the next login.
tours.add("care_kept_without_a_session", {
    steps: () => [
        write("Bo i lugn"),
        { trigger: OWN_GOALS, run: () => rpc("/web/session/destroy") },
        write("Bo i lugn och ro"),
        save,
        { trigger: ".o_care_waits_for_login button" },
        says("Bo i lugn och ro"),
        { trigger: "body", run: () => logIn("north_staff") },
        { trigger: "body:not(:has(.o_care_waits_for_login))" },
        saved,
    ],
});

// The server is gone, and before it is back somebody else has logged in: nobody's words are saved under another's name.
const XMLHttpRequest = browser.XMLHttpRequest;
class Unanswered extends XMLHttpRequest {
    open(method, url) {
        super.open(...arguments);
        this.isLost = url.includes("/web_save");
    }

    send(body) {
        return this.isLost ? setTimeout(() => this.dispatchEvent(new Event("error"))) : super.send(body);
    }
}

tours.add("care_kept_without_a_server", {
    steps: () => [
        { trigger: "body", run: () => (browser.XMLHttpRequest = Unanswered) && undefined },
        write("Bo i lugn och ro"),
        save,
        { trigger: ".o_care_waits_for_server" },
        {
            trigger: "body",
            async run() {
                await logIn("colleague");
                browser.XMLHttpRequest = XMLHttpRequest;
            },
        },
        { trigger: ".o_care_waits_for_login button" },
        says("Bo i lugn och ro"),
        { trigger: "body", run: () => logIn("north_staff") },
        { trigger: "body:not(:has(.o_care_waits_for_login))" },
        saved,
    ],
});

// Two write: the second is shown what the first has written, and chooses.
const another = (text) => ({
    content: "A colleague saves meanwhile",
    trigger: OWN_GOALS,
    run: () => call("care.plan", "write", [Number(location.pathname.split("/").pop())], { own_goals: text }),
});

tours.add("care_seen_by_two", {
    steps: () => [
        another("Flytta"),
        write("Bo i lugn och ro"),
        save,
        { trigger: ".modal p:contains(Flytta):contains(Bo i lugn och ro)" },
        { content: "Go on writing", trigger: ".modal .btn-close", run: "click" },
        says("Bo i lugn och ro"),
        save,
        { content: "Mine", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        saved,
        says("Bo i lugn och ro"),
        another("Bo nära mamma"),
        write("Bo ensam"),
        save,
        { content: "Theirs", trigger: ".modal .modal-footer .btn-secondary", run: "click" },
        saved,
        says("Bo nära mamma"),
    ],
});
