import QtQuick

// A clock that lost its battery knows no day: she does.
Page {
    id: page
    title: qsTr("ui:day:which")
    property string date: evening.lastDay
    Words { width: parent.width; text: qsTr("ui:day:means") }
    Words { width: parent.width; loud: true; horizontalAlignment: Text.AlignHCenter; text: evening.dayText(page.date) }
    Repeater {
        model: [[1, qsTr("ui:contact:day_earlier"), qsTr("ui:contact:day_later")], [7, qsTr("ui:day:week_earlier"), qsTr("ui:day:week_later")]]
        Row {
            id: row
            required property var modelData
            width: parent.width
            spacing: Look.gap
            Tap { width: (row.width - Look.gap) / 2; text: "− " + row.modelData[1]; onClicked: page.date = evening.dayAfter(page.date, -row.modelData[0]) }
            Tap { width: (row.width - Look.gap) / 2; text: "+ " + row.modelData[2]; onClicked: page.date = evening.dayAfter(page.date, row.modelData[0]) }
        }
    }
    foot: Tap { width: parent.width; primary: true; text: qsTr("ui:day:this"); onClicked: evening.tellDay(page.date) }
    Connections { target: evening; function onDayTold() { app.back(); } }
}
