import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

import { CareWaits } from "./care_waits";

/** What the night hands over, above the day's visits: read where it stands, confirmed by one tap. */
export class CareHandoverBanner extends Component {
    static template = "social_care.CareHandoverBanner";
    static components = { CareWaits };
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.waiting = useService("care_waiting");
        this.state = useState({ count: 0, handovers: [] });
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    async load() {
        Object.assign(this.state, await this.orm.call("care.handover", "unread_for_me", []));
    }

    /** What CareWaits asks of a tile. */
    tile({ id }) {
        return { resModel: "care.handover", resId: id, model: { root: {}, load: () => this.load() } };
    }

    async confirm(handover) {
        const { resModel, resId } = this.tile(handover);
        const button = { type: "object", name: "action_read", buttonContext: { care_waits: true } };
        try {
            await this.action.doActionButton({ ...button, resModel, resId });
        } finally {
            if (!this.waiting.waits({ resModel, resId })) {
                await this.load(); // a colleague may have been first
            }
        }
    }

    openAll() {
        this.action.doAction("social_care.care_handover_action_unread");
    }
}

export class CareMyDayRenderer extends KanbanRenderer {
    static template = "social_care.CareMyDayRenderer";
    static components = { ...KanbanRenderer.components, CareHandoverBanner };
}

export class CareMyDayListRenderer extends ListRenderer {
    static template = "social_care.CareMyDayListRenderer";
    static components = { ...ListRenderer.components, CareHandoverBanner };
}

registry.category("views").add("care_my_day", { ...kanbanView, Renderer: CareMyDayRenderer });
registry.category("views").add("care_my_day_list", { ...listView, Renderer: CareMyDayListRenderer });
