import { x2ManyCommands } from "@web/core/orm_service";
import { isX2Many } from "@web/views/utils";

const { CREATE, UPDATE, LINK } = x2ManyCommands;
const NOT_KEPT = ["binary", "json", "many2one_reference", "properties", "properties_definition", "reference"];
const WIDGET = ".o_field_widget[name]";

const listsOf = (record) =>
    record.fieldNames.filter((name) => isX2Many(record.fields[name]) && record.data[name]);
const isText = (record, name) => ["char", "text"].includes(record.fields[name]?.type);

/** As an onchange of the server would answer it, which is how it is put back. */
function valueOf(record, name, value) {
    const { type } = record.fields[name];
    if (type === "many2one") {
        return value && { id: value.id, display_name: value.display_name };
    }
    return record._formatServerValue(type, value);
}

/**
 * What stands in the text that has the cursor: it is not in the record yet, and is not to be put there while
 * somebody types, which would trim it and ask the server.
 *
 * @param {HTMLElement} form
 * @returns {{line: object, name: string, value: string} | undefined}
 */
export function typedNow(root, form) {
    const input = document.activeElement;
    const names = [];
    for (let each = input?.closest(WIDGET); each; each = each.parentElement.closest(WIDGET)) {
        names.unshift(each.getAttribute("name"));
    }
    const name = names.pop();
    let line = root;
    if (!form?.contains(input)) {
        const lines = listsOf(root).flatMap((each) => Object.values(root.data[each]._cache));
        line = lines.find((each) => each._noUpdateParent); // it is open in a dialog
    } else if (names.length) {
        line = root.data[names[0]]?.editedRecord;
    }
    if (line && isText(line, name) && (line.data[name] || "") !== input.value) {
        return { line, name, value: input.value };
    }
}

/** All that has been changed and not been saved, lines and what is typed in them included. */
export function changesOf(record, typed) {
    const changes = {};
    const all = record.isNew && record._parentRecord;
    for (const [name, value] of Object.entries(all ? record.data : record._changes)) {
        const field = record.fields[name];
        if (name !== "id" && field && !isX2Many(field) && !NOT_KEPT.includes(field.type)) {
            changes[name] = valueOf(record, name, value);
        }
    }
    for (const name of listsOf(record)) {
        const commands = commandsOf(record.data[name], typed);
        if (commands.length) {
            changes[name] = commands;
        }
    }
    if (typed?.line.id === record.id) {
        changes[typed.name] = typed.value;
    }
    return changes;
}

function commandsOf(list, typed) {
    const isWritten = ([code]) => code === CREATE || code === UPDATE;
    const written = list._commands.filter(isWritten).map(([, id]) => id);
    const commands = list._commands.filter((command) => !isWritten(command));
    for (const line of Object.values(list._cache)) {
        const isOpen = (line._noUpdateParent && line.dirty) || line.id === typed?.line.id;
        if (isOpen || written.includes(line.resId || line._virtualId)) {
            commands.push([line.resId ? UPDATE : CREATE, line.resId, changesOf(line, typed)]);
        }
    }
    return commands;
}

/** Whether the record says all that already: it has been saved after all. */
export function isSaid(record, changes) {
    return Object.entries(changes).every(([name, value]) => {
        if (!isX2Many(record.fields[name])) {
            return (
                JSON.stringify(valueOf(record, name, record.data[name]) || false) ===
                JSON.stringify(value || false)
            );
        }
        const list = record.data[name];
        return value.every(([code, id, vals]) => {
            if (code === CREATE) {
                const texts = Object.entries(vals).filter(([each, text]) => text && isText(list, each));
                return list.records.some((line) => isSaid(line, Object.fromEntries(texts)));
            }
            if (code === UPDATE) {
                return list._cache[id] && isSaid(list._cache[id], vals);
            }
            return list.currentIds.includes(id) === (code === LINK);
        });
    });
}

/** Put it back into the form, unsaved. A line that is gone meanwhile comes back as a new one. */
export function putBack(record, changes) {
    for (const name of listsOf(record)) {
        for (const command of changes[name] || []) {
            if (command[0] === UPDATE && !record.data[name].currentIds.includes(command[1])) {
                command[0] = CREATE;
            }
        }
    }
    record._applyChanges({}, changes);
    record.dirty = true;
}

/** The words alone, for somebody who is to copy them. */
export function textsOf(record, changes) {
    return Object.entries(changes).flatMap(([name, value]) =>
        isX2Many(record.fields[name])
            ? value.flatMap(([, , vals]) => (vals ? textsOf(record.data[name], vals) : []))
            : isText(record, name) && value
              ? [value]
              : [],
    );
}
