import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const card = (text) => `.o_kanban_record:not(.o_kanban_ghost):contains(${text})`;

// A phone and one thumb: own part at one tap, done at one tap, not done with its reason at two.
tours.add("care_visit_my_day", {
    steps: () => [
        { content: "Mine come first", trigger: `${card("Samtal")}:first-child .o_care_visit_mine` },
        { trigger: `${card("Samtal")} .o_care_visit_how summary`, run: "click" },
        { trigger: `${card("Samtal")} details[open]:contains(Hon dukar)` },
        { trigger: `${card("Samtal")} button[name=action_done]`, run: "click" },
        { trigger: `${card("Samtal")} .badge.text-bg-success` },
        {
            content: "How much the client did, if there is time",
            trigger: `${card("Samtal")} .o_care_visit_prompt`,
            run: "click",
        },
        { trigger: `${card("Samtal")}:not(:has(.o_care_visit_prompt))` },
        { trigger: `${card("Dusch")} .o_care_visit_not_done summary`, run: "click" },
        { trigger: `${card("Dusch")} .o_care_visit_declined`, run: "click" },
        { trigger: `${card("Dusch")} .badge.text-bg-warning` },
    ],
});

// No network: a tap waits on its tile, can be taken back there, and is sent when the network is back.
const XMLHttpRequest = browser.XMLHttpRequest;
class Unanswered extends XMLHttpRequest {
    open(method, url) {
        super.open(...arguments);
        this.isTap = url.includes("/call_button/"); // what other apps ask meanwhile is not theirs to lose
    }

    send(body) {
        return this.isTap ? setTimeout(() => this.dispatchEvent(new Event("error"))) : super.send(body);
    }
}

tours.add("care_visit_without_a_network", {
    steps: () => [
        { trigger: card("Samtal"), run: () => (browser.XMLHttpRequest = Unanswered) && undefined },
        { trigger: `${card("Samtal")} button[name=action_done]`, run: "click" },
        { trigger: `${card("Samtal")} .o_care_waits` },
        { trigger: `${card("Dusch")} .o_care_visit_not_done summary`, run: "click" },
        { trigger: `${card("Dusch")} .o_care_visit_declined`, run: "click" },
        { content: "A slip", trigger: `${card("Dusch")} .o_care_waits button`, run: "click" },
        { trigger: `${card("Dusch")}:not(:has(.o_care_waits))` },
        { trigger: `${card("Promenad")} .o_care_visit_not_done summary`, run: "click" },
        { trigger: `${card("Promenad")} .o_care_visit_declined`, run: "click" },
        { trigger: `${card("Promenad")} .o_care_waits` },
        {
            content: "The second answer is the one that is meant",
            trigger: `${card("Promenad")} .o_care_visit_declined + button`,
            run: "click",
        },
        { trigger: "body", run: () => (browser.XMLHttpRequest = XMLHttpRequest) && undefined },
        { trigger: `${card("Samtal")} .badge.text-bg-success` },
        { trigger: "body:not(:has(.o_care_waits))" },
    ],
});

tours.add("care_visit_my_day_empty", {
    steps: () => [
        { trigger: ".o_view_nocontent" },
        { trigger: "body:not(:has(.o_kanban_record:not(.o_kanban_ghost)))" },
    ],
});
