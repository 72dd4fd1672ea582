import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * The alarm for whoever works alone on site: one notice per event on each screen of the crew and the lead,
 * again each minute, and gone from all of them as soon as one has answered.
 */
export const careOncallAlarmService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, { action, bus_service, notification, orm }) {
        const shown = new Map();
        const silence = (id) => {
            shown.get(id)?.();
            shown.delete(id);
        };
        bus_service.subscribe("care_oncall_alarm", ({ id, title, message }) => {
            silence(id);
            browser.navigator.vibrate?.([400, 200, 400]);
            const close = notification.add(message, {
                title,
                type: "danger",
                sticky: true,
                className: "o_care_oncall_alarm",
                buttons: [
                    {
                        name: _t("Heard from"),
                        primary: true,
                        onClick: async () => {
                            await orm.call("care.oncall.event", "action_all_well", [[id]]);
                            silence(id);
                        },
                    },
                    {
                        name: _t("Open the event"),
                        onClick: async () => {
                            silence(id);
                            await action.doAction(
                                await orm.call("care.oncall.event", "action_open_form", [[id]]),
                            );
                        },
                    },
                ],
            });
            shown.set(id, close);
        });
        bus_service.subscribe("care_oncall_alarm_over", ({ id }) => silence(id));
        bus_service.start();
    },
};

registry.category("services").add("care_oncall_alarm", careOncallAlarmService);
