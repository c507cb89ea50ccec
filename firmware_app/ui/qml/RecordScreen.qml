import QtQuick

// One thing to write down; `app.given` says what is asked.
Page {
    id: page
    readonly property var given: app.given
    title: given.title
    property var values: ({})
    property var lists: ({})
    function put(field, value) { const next = Object.assign({}, values); next[field] = value; values = next; }
    function toggle(field, code) {
        const codes = (values[field] || "").split(",").filter(each => each !== "");
        put(field, (codes.indexOf(code) >= 0 ? codes.filter(each => each !== code) : codes.concat([code])).join(","));
    }
    readonly property bool complete: (given.choices || []).every(each => values[each[0]] !== undefined)

    Component.onCompleted: {
        if (given.start) values = Object.assign({}, given.start);
        for (const each of (given.choices || []).concat(given.many || [])) woman.fetchChoices(each[1]);
    }
    Connections {
        target: woman
        function onChoicesFetched(list, choices) { const next = Object.assign({}, page.lists); next[list] = choices; page.lists = next; }
        function onSaved() { app.back(); }
    }
    Repeater {
        model: page.given.choices || []
        Chips {
            required property var modelData
            width: parent.width
            choices: page.lists[modelData[1]] || []
            chosen: [page.values[modelData[0]]]
            onPicked: code => page.put(modelData[0], code)
        }
    }
    Repeater {
        model: page.given.many || []
        Column {
            id: several
            required property var modelData
            width: parent.width
            spacing: Look.gap
            visible: page.values[modelData[3]] === modelData[4]
            Words { width: parent.width; soft: true; text: several.modelData[2] }
            Chips {
                width: parent.width
                choices: page.lists[several.modelData[1]] || []
                chosen: (page.values[several.modelData[0]] || "").split(",")
                onPicked: code => page.toggle(several.modelData[0], code)
            }
        }
    }
    Repeater {
        model: page.given.euros || []
        Field {
            required property var modelData
            width: parent.width
            label: modelData[1]
            most: 10
            onEdited: text => {
                const euros = Number(text.replace(",", "."));
                page.put(modelData[0], text.trim() === "" || isNaN(euros) ? text : String(Math.round(euros * 100)));
            }
        }
    }
    Repeater {
        model: page.given.texts || []
        Field {
            required property var modelData
            width: parent.width
            label: modelData[1]
            many: true
            text: page.given.start && page.given.start[modelData[0]] ? page.given.start[modelData[0]] : ""
            onEdited: text => page.put(modelData[0], text)
        }
    }
    Repeater {
        model: page.given.yesNo || []
        Column {
            id: question
            required property var modelData
            width: parent.width
            spacing: Look.gap
            Words { width: parent.width; soft: true; text: question.modelData[1] }
            Chips {
                width: parent.width
                choices: [{ code: "yes", word: qsTr("ui:yes") }, { code: "no", word: qsTr("ui:no") }]
                chosen: [page.values[question.modelData[0]]]
                onPicked: code => page.put(question.modelData[0], code)
            }
        }
    }
    foot: Tap {
        objectName: "saveRecord"
        width: parent.width
        primary: true
        enabled: page.complete && !woman.saving
        text: qsTr("ui:contact:save")
        onClicked: {
            const fields = Object.assign({}, page.given.fixed, page.values);
            for (const field in (page.given.when || {})) {
                const rule = page.given.when[field];
                if (page.values[rule[1]] === rule[2]) fields[field] = rule[0];
            }
            woman.add(page.given.kind, page.given.clientId, fields);
        }
    }
}
