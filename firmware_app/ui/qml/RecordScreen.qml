import QtQuick

// One thing to write down: `record` says which form, and holds what was typed.
Page {
    id: page
    readonly property var made: Forms.of(record.form, record.goal)
    title: made.title
    canGoBack: !record.saving
    property var lists: ({})
    function toggle(field, code) {
        const codes = (record.values[field] || "").split(",").filter(each => each !== "");
        record.put(field, (codes.indexOf(code) >= 0 ? codes.filter(each => each !== code) : codes.concat([code])).join(","));
    }
    readonly property bool complete: record.form !== "" && (made.choices || []).every(each => record.values[each[0]] !== undefined)
    function goBack() { record.leave(); app.back(); }
    function begin() {
        if (made.start) record.suggest(made.start);
        for (const each of (made.choices || []).concat(made.many || [])) record.fetchChoices(each[1]);
    }

    Component.onCompleted: begin()
    Connections {
        target: record
        function onBegun() { if (record.form !== "") page.begin(); }
        function onChoicesFetched(list, choices) { const next = Object.assign({}, page.lists); next[list] = choices; page.lists = next; }
        function onSaved() { app.back(); }
    }
    Tap { width: parent.width; visible: !evening.dayKnown; text: qsTr("ui:day:which"); onClicked: app.go("day") }
    Repeater {
        model: page.made.choices || []
        Chips {
            required property var modelData
            width: parent.width
            choices: page.lists[modelData[1]] || []
            chosen: [record.values[modelData[0]]]
            onPicked: code => record.put(modelData[0], code)
        }
    }
    Repeater {
        model: page.made.many || []
        Column {
            id: several
            required property var modelData
            width: parent.width
            spacing: Look.gap
            visible: record.values[modelData[3]] === modelData[4]
            Words { width: parent.width; soft: true; text: several.modelData[2] }
            Chips {
                width: parent.width
                choices: page.lists[several.modelData[1]] || []
                chosen: (record.values[several.modelData[0]] || "").split(",")
                onPicked: code => page.toggle(several.modelData[0], code)
            }
        }
    }
    Repeater {
        model: (page.made.euros || []).map(each => each.concat([10])).concat((page.made.texts || []).map(each => each.concat([300])))
        Field {
            required property var modelData
            width: parent.width
            label: modelData[1]
            most: modelData[2]
            many: most > 10
            text: record.values[modelData[0]] || ""
            onEdited: text => record.put(modelData[0], text)
        }
    }
    Repeater {
        model: page.made.yesNo || []
        Column {
            id: question
            required property var modelData
            width: parent.width
            spacing: Look.gap
            Words { width: parent.width; soft: true; text: question.modelData[1] }
            Chips {
                width: parent.width
                choices: [{ code: "yes", word: qsTr("ui:yes") }, { code: "no", word: qsTr("ui:no") }]
                chosen: [record.values[question.modelData[0]]]
                onPicked: code => record.put(question.modelData[0], code)
            }
        }
    }
    foot: Tap {
        objectName: "saveRecord"
        width: parent.width
        primary: true
        enabled: page.complete && !record.saving
        text: qsTr("ui:contact:save")
        onClicked: record.save(page.made.kind, page.made.aboutNobody ? "" : record.clientId, Forms.fields(page.made, record.values))
    }
}
