import QtQuick

Page {
    id: page
    title: qsTr("ui:evening:settings")
    Words { width: parent.width; soft: true; text: qsTr("ui:settings:language") }
    Chips { width: parent.width; choices: [{ code: "nl", word: "Nederlands" }, { code: "en", word: "English" }]; chosen: [prefs.language]; onPicked: code => prefs.language = code }
    Words { width: parent.width; soft: true; text: qsTr("ui:settings:text_size") }
    Chips { width: parent.width; choices: [0, 1, 2].map(each => ({ code: String(each), word: qsTr("ui:settings:text_size:" + each) })); chosen: [String(prefs.textSize)]; onPicked: code => prefs.textSize = Number(code) }
    Words { width: parent.width; soft: true; text: qsTr("ui:settings:hand") }
    Chips { width: parent.width; choices: [{ code: "right", word: qsTr("ui:settings:right") }, { code: "left", word: qsTr("ui:settings:left") }]; chosen: [prefs.leftHanded ? "left" : "right"]; onPicked: code => prefs.leftHanded = code === "left" }
    Words { width: parent.width; soft: true; text: qsTr("ui:settings:light") }
    Chips { width: parent.width; choices: [{ code: "evening", word: qsTr("ui:settings:evening") }, { code: "night", word: qsTr("ui:settings:night") }]; chosen: [prefs.night ? "night" : "evening"]; onPicked: code => prefs.night = code === "night" }
    Words { width: parent.width; soft: true; visible: prefs.canDim; text: qsTr("ui:settings:brightness") }
    Chips { width: parent.width; visible: prefs.canDim; choices: [10, 30, 60, 100].map(each => ({ code: String(each), word: each + " %" })); chosen: [String(prefs.brightness)]; onPicked: code => prefs.brightness = Number(code) }
    Words { width: parent.width; soft: true; text: qsTr("ui:settings:auto_lock") }
    Chips { width: parent.width; choices: [30, 60, 120, 300].map(each => ({ code: String(each), word: app.fill(qsTr("ui:settings:seconds"), [each]) })); chosen: [String(prefs.autoLockSeconds)]; onPicked: code => prefs.autoLockSeconds = Number(code) }
    Words { width: parent.width; soft: true; text: qsTr("ui:settings:shuffle") }
    Chips { width: parent.width; choices: [{ code: "no", word: qsTr("ui:no") }, { code: "yes", word: qsTr("ui:yes") }]; chosen: [prefs.shuffle ? "yes" : "no"]; onPicked: code => prefs.shuffle = code === "yes" }
    Words { width: parent.width; soft: true; text: qsTr("ui:settings:users") }
    Words { width: parent.width; text: app.fill(qsTr("ui:settings:users_here"), [lock.users]) }
    Tap { width: parent.width; visible: !evening.leaseEnded; text: qsTr("ui:settings:pin"); onClicked: app.go("pin") }
    Tap { width: parent.width; text: qsTr("ui:enrol:colleague"); onClicked: app.go("enrol") }
    Words { width: parent.width; soft: true; text: qsTr("ui:settings:hide_means") }
}
