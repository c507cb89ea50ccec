import QtQuick

// What was written down before and can no longer be read here: it can be corrected all the same, and taken back.
Page {
    id: page
    title: qsTr("ui:earlier:title")
    scrolls: false
    Component.onCompleted: evening.loadEarlier()
    fixed: [
        Words { id: means; x: Look.edge; width: parent.width - 2 * Look.edge; soft: true; text: evening.earlier.length === 0 ? qsTr("ui:earlier:none") : qsTr("ui:earlier:means") },
        ListView {
            anchors.fill: parent
            anchors.topMargin: means.height + Look.gap
            anchors.leftMargin: Look.edge
            anchors.rightMargin: Look.edge
            clip: true
            model: evening.earlier
            spacing: Look.gap / 2
            boundsBehavior: Flickable.StopAtBounds
            pixelAligned: true
            delegate: Tap {
                required property var modelData
                width: ListView.view.width
                atStart: true
                text: modelData.who
                under: [modelData.time === "" ? qsTr("ui:earlier:elsewhere") : modelData.time, modelData.amended ? qsTr("ui:tonight:amended") : "", modelData.retracted ? qsTr("label:retracted") : ""].filter(part => part !== "").join(" · ")
                onClicked: app.go("tonight", modelData)
            }
        }
    ]
}
