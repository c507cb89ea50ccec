import QtQuick

Page {
    title: qsTr("ui:later:title")
    Words { width: parent.width; text: evening.drafts.length === 0 ? qsTr("ui:later:none") : qsTr("ui:later:means") }
    Repeater {
        model: evening.drafts
        Row {
            id: row
            required property var modelData
            width: parent.width
            spacing: Look.gap
            Tap {
                width: row.width - Look.touch * 1.4 - Look.gap
                atStart: true
                readonly property bool isForm: row.modelData.form !== ""
                text: row.modelData.time + "  " + (isForm ? Forms.of(row.modelData.form, "").title : row.modelData.who)
                under: [isForm ? row.modelData.who : "", row.modelData.contact === "" ? qsTr("ui:later:not_saved") : qsTr("ui:later:saved_already")].filter(part => part !== "").join(" · ")
                onClicked: {
                    if (isForm) record.resume(row.modelData.id); else contact.resume(row.modelData.id);
                    app.go(isForm ? "record" : "contact");
                }
            }
            Tap {
                width: Look.touch * 1.4
                // What is saved nowhere else goes at the second touch only.
                property bool sure: !row.modelData.typed
                text: sure && row.modelData.typed ? qsTr("ui:later:sure") : "×"
                says: row.modelData.contact === "" ? qsTr("ui:later:throw_away") : qsTr("ui:later:leave")
                onClicked: { if (sure) evening.dropDraft(row.modelData.id); else sure = true; }
            }
        }
    }
}
