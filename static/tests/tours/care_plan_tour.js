import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

// A stroke of the pen, as a finger or a mouse makes it.
function drawn({ anchor }) {
    const { left, top, width, height } = anchor.getBoundingClientRect();
    const at = (type, target, part) =>
        target.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                isPrimary: true,
                pointerId: 1,
                buttons: type === "pointerup" ? 0 : 1,
                clientX: left + width * part,
                clientY: top + height * (0.3 + part / 2),
            }),
        );
    at("pointerdown", anchor, 0.2);
    [0.3, 0.4, 0.5, 0.6, 0.7].forEach((part) => at("pointermove", window, part));
    at("pointerup", window, 0.8);
}

// In the signature dialog of Odoo: it opens for the signer's own hand.
export function sign(name) {
    return [
        { trigger: ".o_statusbar_buttons button[name=action_open_sign]", run: "click" },
        { trigger: `.modal .o_field_widget[name=signer_name]:contains(${name})` },
        { content: "Draw", trigger: ".modal .o_field_widget[name=image] .o_signature", run: "click" },
        { trigger: ".modal .o_web_sign_draw_button.active" },
        { trigger: ".modal canvas.o_web_sign_signature", run: drawn },
        { trigger: ".modal .btn-primary:not([name]):not([disabled])", run: "click" },
        { trigger: ".modal .o_field_widget[name=image] img" },
        { trigger: ".modal button[name=action_sign]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

// A contact person begins a plan from the BUSS template together with the client.
tours.add("care_plan_write", {
    steps: () => [
        { trigger: ".o_data_cell:contains(Ek, Astrid), .o_kanban_record:contains(Ek, Astrid)", run: "click" },
        { trigger: ".oe_stat_button[name=action_open_plans]", run: "click" },
        { trigger: ".o_list_button_add", run: "click" },
        {
            trigger:
                ".o_field_widget[name=unit_id]:contains(Norr), .o_field_widget[name=unit_id] input:value(Norr)",
        },
        { trigger: ".o_field_widget[name=template_id] input", run: "edit BUSS" },
        { trigger: ".o-autocomplete--dropdown-item:contains(BUSS)", run: "click" },
        {
            trigger: ".o_field_widget[name=own_goals] textarea",
            run: "edit Jag vill bo kvar hemma",
        },
        ...stepUtils.saveForm(),
        {
            content: "Four domains are suggested",
            trigger: ".o_field_widget[name=goal_ids] .o_kanban_record:not(.o_kanban_ghost):nth-child(4)",
        },
        {
            content: "The list says what is missing, with a link to the row",
            trigger: ".o_field_widget[name=missing] a[href*='/plan-lines/']",
        },
        { trigger: ".o_field_widget[name=missing]:contains(Keep the home in order)" },
        {
            content: "The row opens on top of the plan",
            trigger: ".o_field_widget[name=missing] li:first-child a[data-model='care.plan.line']",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=responsible] input", run: "click" },
        { trigger: ".o_select_menu_item:eq(2)", run: "click" },
        {
            content: "Staff of the unit: a person can be named",
            trigger: ".modal .o_field_widget[name=performer_id]",
        },
        {
            trigger:
                ".modal .o_field_widget[name=when_note] textarea, .modal .o_field_widget[name=when_note] input",
            run: "edit Varje morgon",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "The list is shorter",
            trigger: ".o_field_widget[name=missing]:not(:contains(Keep the home in order))",
        },
    ],
});

tours.add("care_plan_sign", {
    steps: () => [
        { trigger: ".o_statusbar_buttons button[name=action_propose]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=proposed]" },
        ...sign("Astrid Ek"),
        { trigger: ".o_field_widget[name=signature_status]:contains(:)" },
        ...sign("north_staff"),
        { trigger: ".o_arrow_button_current[data-value=active]" },
        { trigger: ".o_statusbar_buttons button[name=action_verify]", run: "click" },
        { trigger: ".o_notification .bg-success" },
    ],
});
