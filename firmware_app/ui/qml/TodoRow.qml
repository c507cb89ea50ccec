import QtQuick

Row {
    id: row
    required property var modelData
    property bool named: false
    spacing: Look.gap
    Tap {
        id: what
        width: row.width - done.width - Look.gap
        atStart: true
        text: (row.modelData.overdue ? "! " : "") + row.modelData.dueText + (row.named && row.modelData.who !== "" ? "  " + row.modelData.who : "")
        under: row.modelData.text
        onClicked: if (row.modelData.clientId !== "") { woman.open(row.modelData.clientId); app.go("woman"); }
    }
    Tap { id: done; width: Math.ceil(implicitWidth); height: Math.max(implicitHeight, what.implicitHeight); text: qsTr("ui:todo:done"); says: app.fill(qsTr("ui:todo:done_says"), [row.modelData.text]); onClicked: evening.finish(row.modelData.id) }
}
